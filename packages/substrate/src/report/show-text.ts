import type { JsonValue } from '../json/json-value.ts';
import { closeDirection, toPlainText } from './plain-text.ts';

/** Pure. A value in at most so many characters, safe in a terminal or a mail: vendor data may hold anything. */
export function showText(value: JsonValue | undefined, maximum = 80): string {
  if (value === undefined) return '(absent)';
  return closeDirection(toPlainText(textOf(value), maximum));
}

/** Pure. A value of which a report may have the beginning only (`length`: how long it is, in characters), with how long it is then. */
export function showCut(value: JsonValue | undefined, length: number | undefined, maximum?: number): string {
  if (length === undefined) return showText(value, maximum);
  // What was cut before is shown as cut, however much of it is shown.
  const shown = showText(typeof value === 'string' ? `${value}…` : value, maximum);
  return `${shown} (${length.toLocaleString('en-US')} characters)`;
}

/** Pure. A text as it is, any other value as JSON. */
export function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
