import type { JsonObject, JsonValue } from '../json/json-value.ts';
import { refuseTooDeep } from './depth-limit.ts';
import { isJsonList, type Maybe } from './json-members.ts';

/**
 * Pure. Whether two values are JSON-equal: members have no order, elements have one, 0 is -0. Both stand at `path`. With `nullIsAbsent`,
 * a member that is null is no member; an element that is null is one.
 */
export function isSameJson(a: Maybe, b: Maybe, nullIsAbsent: boolean, path: readonly string[]): boolean {
  return isSame(a, b, nullIsAbsent, path, path.length);
}

function isSame(a: Maybe, b: Maybe, nulls: boolean, path: readonly string[], level: number): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  refuseTooDeep(level, path);
  if (isJsonList(a)) return isJsonList(b) && isSameList(a, b, nulls, path, level + 1);
  if (isJsonList(b)) return false;
  return nulls ? isSameButNulls(a, b, path, level + 1) : isSameObject(a, b, path, level + 1);
}

function isSameList(
  a: readonly JsonValue[],
  b: readonly JsonValue[],
  nulls: boolean,
  path: readonly string[],
  level: number,
): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) {
    if (!isSame(a[index], b[index], nulls, path, level)) return false;
  }
  return true;
}

function isSameObject(a: JsonObject, b: JsonObject, path: readonly string[], level: number): boolean {
  const names = Object.keys(a);
  const others = Object.keys(b);
  if (names.length !== others.length) return false;
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as string;
    // Members mostly come in one order on both sides; then nothing has to be looked up.
    if (name !== others[index] && !Object.hasOwn(b, name)) return false;
    if (!isSame(a[name], b[name], false, path, level)) return false;
  }
  return true;
}

function isSameButNulls(a: JsonObject, b: JsonObject, path: readonly string[], level: number): boolean {
  let members = 0;
  for (const name of Object.keys(a)) {
    const value = a[name];
    if (value === null) continue;
    members++;
    if (!Object.hasOwn(b, name) || !isSame(value, b[name], true, path, level)) return false;
  }
  for (const name of Object.keys(b)) if (b[name] !== null) members--;
  return members === 0;
}
