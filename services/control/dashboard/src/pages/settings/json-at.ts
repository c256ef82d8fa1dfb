import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';

/** Names of members, from the outermost inward. */
export type Path = readonly string[];

/** Pure. What stands at a path of objects; undefined where nothing does. */
export function getAt(value: JsonValue | undefined, path: Path): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(
    (inner, name) => (isJsonObject(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined),
    value,
  );
}

/** Pure. The object with something else at a path; undefined takes it away, and with it what would be empty around it. */
export function setAt(object: JsonObject, path: Path, value: JsonValue | undefined): JsonObject {
  const [name, ...rest] = path;
  if (name === undefined) return object;
  const { [name]: before, ...others } = object;
  const after = rest.length === 0 ? value : setAt(isJsonObject(before) ? before : {}, rest, value);
  const isGone = after === undefined || (rest.length > 0 && isJsonObject(after) && isEmpty(after));
  if (isGone) return others;
  return { ...object, [name]: after };
}

/** Pure. */
export function textsAt(value: JsonValue | undefined, path: Path): readonly string[] {
  const found = getAt(value, path);
  return Array.isArray(found) ? found.filter((each): each is string => typeof each === 'string') : [];
}

function isEmpty(object: JsonObject): boolean {
  return Object.keys(object).length === 0;
}
