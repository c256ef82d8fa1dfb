import type { JsonValue } from '@flotilla/substrate/json/json-value';

/** Pure. A member that is a text; else the empty one, which is nobody's id. */
export function textOf(member: JsonValue | undefined): string {
  return typeof member === 'string' ? member : '';
}
