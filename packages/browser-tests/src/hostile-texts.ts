/** What a vendor, or somebody who can write there, might send: each text would do something where it is not treated as text alone. */
export const hostileTexts = {
  script: '<script>window.stolen="script"</script><img src=x onerror="window.stolen=1;alert(1)">',
  attribute: '" onmouseover="window.stolen=2" autofocus onfocus="alert(2)" x="',
  template: "{{constructor.constructor('alert(3)')()}} ${alert(4)} javascript:alert(5)",
  rightToLeft: 'مدرسة النور الابتدائية',
  // What it would show without isolation: the end of the line before its beginning.
  override: 'invoice\u202Egnp.exe\u2066\u2069\u200F',
  emoji: '👩🏽‍🏫 Zoë 🏳️‍🌈 नमस्ते',
  control:
    'bell\u0007 back\b escape\u001b[31mred\u001b]0;title\u0007 null-like\u0001 line\r\nFAKE: All is well.',
  long: 'x'.repeat(10_000),
  markup:
    '**bold** [here](javascript:alert(6)) &lt;b&gt; &amp;nbsp; <a href="http://evil.example">All is well</a>',
} as const;

/** Before and after it, so that a name can be found again. */
export function marked(text: string): string {
  return `Zz ${text} zZ`;
}

/** Control characters but the end of a line, and what changes the direction of writing: neither a terminal nor a plain mail may be sent it. */
export const steering =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200f\u202a-\u202e\u2066-\u2069]/u;

/** JavaScript that lists what hostile texts have done to a document; nothing is well. */
export const listHarm = `(() => {
  const harm = [];
  if (window.stolen !== undefined) harm.push('a script ran: ' + window.stolen);
  const foreign = 'script:not([src^="/assets/"]), img, iframe, object, embed, [onerror], [onmouseover], [onfocus], [onload], ' +
    'a[href^="javascript:"], a[href*="evil.example"]';
  for (const element of document.querySelectorAll(foreign)) harm.push('an element was injected: ' + element.outerHTML.slice(0, 200));
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.nodeValue;
    const parent = node.parentElement;
    if (parent === null || parent.closest('script, style, noscript') !== null) continue;
    const shown = JSON.stringify(text.slice(0, 80)) + ' in ' + parent.outerHTML.slice(0, 120);
    if (${steering}.test(text.replaceAll(/[\\r\\t]/g, ''))) harm.push('text that steers: ' + shown);
    // Mails have no <bdi> that all programs know: there a mark ends it.
    if (/[\\u0590-\\u08ff](?!.*\\u200e)/s.test(text) && parent.closest('bdi, [dir="auto"], textarea, input, option, title') === null)
      harm.push('right-to-left text that is not isolated: ' + shown);
  }
  return harm;
})()`;
