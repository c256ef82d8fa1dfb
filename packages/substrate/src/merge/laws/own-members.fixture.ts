import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';

/** `Array.isArray` that keeps the type of a read-only list. */
export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** An object with exactly these members as its own, `__proto__` too, which an assignment would swallow. */
export function objectOf(members: Iterable<readonly [string, JsonValue]>): JsonObject {
  return Object.fromEntries(members);
}

export function withMember(object: JsonObject, name: string, value: JsonValue): JsonObject {
  const members = new Map(Object.entries(object));
  return objectOf(members.set(name, value));
}

export function withoutMember(object: JsonObject, name: string): JsonObject {
  return objectOf(Object.entries(object).filter(([other]) => other !== name));
}

/** The member, where the object has it as its own. */
export function memberOf(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** A copy that shares nothing with the original: sides come from two systems, never from one memory. */
export function cloneJson<T extends JsonValue>(value: T): T;
export function cloneJson(value: JsonValue): JsonValue {
  if (isList(value)) return value.map((element) => cloneJson(element));
  if (!isJsonObject(value)) return value;
  return objectOf(Object.entries(value).map(([name, member]) => [name, cloneJson(member)]));
}

/** Deep; a write then throws. */
export function freeze<T extends JsonValue>(value: T): T {
  for (const member of isList(value) ? value : isJsonObject(value) ? Object.values(value) : [])
    freeze(member);
  return Object.freeze(value);
}
