import { leftToRightMark, toPlainText } from './plain-text.ts';

/** Markup that is safe to stand where markup may stand. Made by `html` alone. */
export interface SafeHtml {
  readonly markup: string;
}

const made = new WeakSet<SafeHtml>();

type Part = string | number | SafeHtml | readonly SafeHtml[];

/** Pure. A template of markup: whatever stands in its gaps is text, shown as it is, unless `html` made it. */
export function html(template: TemplateStringsArray, ...parts: readonly Part[]): SafeHtml {
  const markup = template.map((text, index) => text + toMarkup(parts[index])).join('');
  const safe = Object.freeze({ markup });
  made.add(safe);
  return safe;
}

/** Nothing. */
export const noHtml: SafeHtml = html``;

function toMarkup(part: Part | undefined): string {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeText(String(part));
  if (Array.isArray(part)) return part.map(toMarkup).join('');
  const safe = part as SafeHtml;
  return made.has(safe) ? safe.markup : escapeText(safe.markup);
}

/** For texts and for attributes in quotation marks. What steers a display is shown as �; marks that only text without markup needs go. */
function escapeText(text: string): string {
  return toPlainText(text.replaceAll(leftToRightMark, '')).replace(
    /[&<>"'`]/g,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}
