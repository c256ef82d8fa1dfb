import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import type { Collection } from './wire-fields.ts';

/** Pure. A record's own id; empty where dirty data has none. */
export function idOf(record: JsonObject): string {
  return typeof record.sourcedId === 'string' ? record.sourcedId : '';
}

/** Pure. The id that a reference points to. */
export function refId(value: JsonValue | undefined): string | undefined {
  return isJsonObject(value) && typeof value.sourcedId === 'string' ? value.sourcedId : undefined;
}

/** Pure. The ids that a list of references points to. */
export function refIds(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.flatMap((item: JsonValue) => refId(item) ?? []) : [];
}

/** References to the same object are the same value: 140,000 enrollments then share a few thousand of them. */
export function createReferences(): (type: string, id: string) => JsonObject {
  const known = new Map<string, JsonObject>();
  return (type, id) => {
    const key = `${type} ${id}`;
    let reference = known.get(key);
    if (reference === undefined) {
      reference = { sourcedId: id, type };
      known.set(key, reference);
    }
    return reference;
  };
}

/** Pure. The record with each of its references changed; a class's terms and a user's role's org are references too. */
export function mapReferences(
  record: JsonObject,
  collection: Collection,
  change: (reference: JsonObject) => JsonObject,
): JsonObject {
  const copy: Record<string, JsonValue> = { ...record };
  for (const { name, kind } of collection.fields) {
    const value = record[name];
    if (value === undefined) continue;
    if (kind === 'ref') copy[name] = isJsonObject(value) ? change(value) : value;
    else if (kind === 'refs') copy[name] = mapObjects(value, change);
    else if (name === 'roles' && kind === 'json') {
      copy[name] = mapObjects(value, (role) =>
        isJsonObject(role.org) ? { ...role, org: change(role.org) } : role,
      );
    }
  }
  return copy;
}

function mapObjects(value: JsonValue, change: (item: JsonObject) => JsonObject): JsonValue {
  return Array.isArray(value)
    ? value.map((item: JsonValue) => (isJsonObject(item) ? change(item) : item))
    : value;
}
