import { html, noHtml, type SafeHtml } from './safe-html.ts';

export type Row = readonly SafeHtml[];

/** Pure. Text that changes the order of nothing around it, whatever it is written in. */
export function bidi(text: string): SafeHtml {
  return html`<bdi>${text}</bdi>`;
}

/** Pure. Says in its title where it goes: mail programs show no address. */
export function link(url: string, text: string): SafeHtml {
  return html`<a href="${url}" style="color:#0b57d0">${bidi(text)}</a>`;
}

/** Pure. What is said beside the matter. */
export function note(text: string): SafeHtml {
  return html`<p class="quiet" style="margin:0 0 8px;font-size:13px;color:#5b6675">${text}</p>`;
}

/** Pure. Nothing where there is nothing to say. `omitted`: so many more there are. */
export function section(title: string, content: readonly SafeHtml[], omitted: number): SafeHtml {
  if (content.length === 0 && omitted === 0) return noHtml;
  const more = omitted === 0 ? noHtml : note(`… and ${omitted.toLocaleString('en-US')} more`);
  return html`<h3 style="margin:18px 0 8px;font-size:16px">${title}</h3>
${content}${more}`;
}

const cell = 'padding:6px 10px 6px 0;vertical-align:top;text-align:left;word-break:break-word';

/** Pure. A table of data, not of layout. */
export function renderTable(header: readonly string[], rows: readonly Row[]): SafeHtml {
  return html`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;font-size:14px">
<tr>${header.map((name) => html`<th class="line" scope="col" style="${cell};border-bottom:1px solid #d8dde4">${name}</th>`)}</tr>
${rows.map(
  (
    row,
  ) => html`<tr>${row.map((part) => html`<td class="line" style="${cell};border-bottom:1px solid #d8dde4">${part}</td>`)}</tr>
`,
)}</table>
`;
}
