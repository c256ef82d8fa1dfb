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

/** JavaScript that lists what hostile texts have done to a document; nothing is well. */
export const listHarm = `(() => {
  const harm = [];
  if (window.stolen !== undefined) harm.push('a script ran: ' + window.stolen);
  const mayStand = document.querySelectorAll('script:not([src^="/assets/"]), img, iframe, object, embed, [onerror], [onmouseover], [onfocus], [onload], a[href^="javascript:"], a[href*="evil.example"]');
  for (const element of mayStand) harm.push('an element was injected: ' + element.outerHTML.slice(0, 200));
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.nodeValue;
    const parent = node.parentElement;
    if (parent === null || parent.closest('script, style, noscript') !== null) continue;
    if (/[\\u202a-\\u202e\\u2066-\\u2069\\u200e\\u200f]/.test(text)) harm.push('text that steers the direction: ' + JSON.stringify(text.slice(0, 80)));
    if (/[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]/.test(text)) harm.push('a control character: ' + JSON.stringify(text.slice(0, 80)));
    if (/[\\u0590-\\u08ff]/.test(text) && parent.closest('bdi, [dir="auto"], textarea, input, option, title') === null)
      harm.push('right-to-left text that is not isolated: ' + JSON.stringify(text.slice(0, 80)) + ' in ' + parent.outerHTML.slice(0, 120));
  }
  return harm;
})()`;
