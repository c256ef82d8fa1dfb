import type { JsonValue } from '../json/json-value.ts';
import { closeDirection, toPlainText } from './plain-text.ts';

/** Pure. A value in at most so many characters, safe in a terminal or a mail: vendor data may hold anything. */
export function showText(value: JsonValue | undefined, maximum = 80): string {
  if (value === undefined) return '(absent)';
  return closeDirection(toPlainText(textOf(value), maximum));
}

/** Pure. A text as it is, any other value as JSON. */
export function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
