import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';

/** Pure. Undefined stands for an absent value, which JSON tells from null. */
export type Maybe = JsonValue | undefined;

/** The member that the object has as its own: of `constructor` and `__proto__` an empty object has none. */
export function memberOf(object: JsonObject, name: string): Maybe {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Sets or, with undefined, removes an own member; an assignment to `__proto__` would change the prototype instead. */
export function setMember(object: Record<string, JsonValue>, name: string, value: Maybe): void {
  if (value === undefined) delete object[name];
  else if (name === '__proto__')
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  else object[name] = value;
}

/** `Array.isArray` that keeps the type of a read-only list. */
export function isJsonList(value: Maybe): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Absent, or null where null counts as absent. */
export function isGone(value: Maybe, nullIsAbsent: boolean): value is null | undefined {
  return value === undefined || (nullIsAbsent && value === null);
}

export function objectOrNothing(value: Maybe): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

/** What a value is, in a message: `a list`, `a string`, `null`. */
export function describeKind(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
