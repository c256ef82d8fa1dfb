import type { JsonValue } from '../../json/json-value.ts';
import { refuseTooDeep } from './depth-limit.ts';
import { isJsonList } from './json-members.ts';

/** Pure. The value without members that are null, at any depth; elements that are null stay. */
export function withoutNulls(value: JsonValue): JsonValue {
  return strip(value, 0);
}

function strip(value: JsonValue, level: number): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  refuseTooDeep(level, []);
  if (isJsonList(value)) return value.map((element) => strip(element, level + 1));
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, strip(member, level + 1)]));
}
