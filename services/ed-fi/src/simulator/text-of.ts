import type { JsonValue } from '@flotilla/substrate/json/json-value';

/** Pure. A text, or a number's digits; empty for anything else. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
