/**
 * Steers a terminal or a page, or cannot be seen: control characters, line separators, direction marks, blanks without width, tags.
 * Joiners stay, since scripts and emoji are written with them.
 */
const unsafe =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** More marks on one letter than any script has would cover the lines above and below. */
const heapOfMarks = /(\p{M}{8})\p{M}+/gu;

/** Pure. Vendor data as one line that is safe to show anywhere, in at most so many UTF-16 units: what is unsafe is shown as �. */
export function toPlainText(text: string, maximum = Number.POSITIVE_INFINITY): string {
  const isLong = text.length > maximum;
  // Half of a character that was cut through goes too.
  const kept = isLong ? text.slice(0, maximum - 1).replace(/[\ud800-\udbff]$/, '') : text;
  const plain = kept.toWellFormed().replace(unsafe, '�').replace(heapOfMarks, '$1');
  return isLong ? `${plain}…` : plain;
}

/** Hebrew, Arabic, and whatever else is written from the right. */
const fromTheRight = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
/** Is not seen, and takes no room. */
export const leftToRightMark = '\u200e';

/** Pure. Whether some of it is written from the right: then what stands around it may be shown in another order. */
export function isFromTheRight(text: string): boolean {
  return fromTheRight.test(text);
}

/** Pure. Text that changes the order of nothing that follows it in the same line, wherever it is shown. */
export function closeDirection(text: string): string {
  return isFromTheRight(text) ? `${text}${leftToRightMark}` : text;
}
