import type { JsonValue } from '@flotilla/substrate/json/json-value';

/** Pure. A member that is a text; all else is none. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
