import type { JsonValue } from '@flotilla/substrate/json/json-value';
import { toPlainText } from '@flotilla/substrate/report/plain-text';
import { wrapText } from './wrap-text.ts';

/** Pure. A value in one line: a text as it is where it cannot be taken for another value, or for none; the rest as JSON. */
export function showValue(value: JsonValue | undefined, absent = '(none)'): string {
  if (value === undefined) return absent;
  const isPlain = typeof value === 'string' && !isMistakable(value);
  return toPlainText(isPlain ? value : JSON.stringify(value));
}

/** Pure. The same in a cell of so many columns. */
export function showInCell(value: JsonValue | undefined, width: number, absent?: string): string {
  return wrapText(showValue(value, absent), width, 8);
}

/** `5` beside 5, `true` beside true, a text of blanks, one in quotes. */
function isMistakable(text: string): boolean {
  return text !== text.trim() || text === '' || /^(?:true|false|null|\(none\)|-?\d.*|[[{"].*)$/.test(text);
}
