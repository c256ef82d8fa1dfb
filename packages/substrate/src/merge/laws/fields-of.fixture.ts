import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import type { RecordSides } from '../merge-record.ts';
import { isList, memberOf, objectOf } from './own-members.fixture.ts';
import { elementsByKey, listSpecAt, type Path, type Reading, segmentOf, valueAt } from './paths.fixture.ts';

/** The paths of all fields, and of the objects and keyed lists that hold them, that some side has; a record's own path is the empty one. */
export function fieldsOf(reading: Reading, sides: RecordSides): Path[] {
  const paths: Path[] = [];
  const visit = (path: Path, values: readonly JsonValue[]) => {
    paths.push(path);
    for (const name of namesIn(reading, path, values)) {
      const below = values.map((value) => memberAt(reading, path, value, name));
      visit(
        [...path, name],
        below.filter((value) => value !== undefined),
      );
    }
  };
  const present = [sides.base, sides.ours, sides.theirs].filter((side) => side !== undefined);
  if (present.length > 0) visit([], present);
  return paths;
}

function namesIn(reading: Reading, path: Path, values: readonly JsonValue[]): Set<string> {
  if (values.some(isList)) return keysIn(reading, path, values);
  return new Set(values.filter(isJsonObject).flatMap((value) => Object.keys(value)));
}

/** A list merges by key only where all sides that have something there have such a list; else there is nothing below it. */
function keysIn(reading: Reading, path: Path, values: readonly JsonValue[]): Set<string> {
  const spec = listSpecAt(reading, path);
  if (spec === undefined || spec === 'set') return new Set();
  const keys = new Set<string>();
  for (const value of values) {
    const elements = isList(value) ? elementsByKey(value, spec.key) : undefined;
    if (elements === undefined) return new Set();
    for (const key of elements.keys()) keys.add(key);
  }
  return keys;
}

function memberAt(reading: Reading, path: Path, value: JsonValue, name: string): JsonValue | undefined {
  const spec = listSpecAt(reading, path);
  if (!isList(value)) return isJsonObject(value) ? memberOf(value, name) : undefined;
  return spec === undefined || spec === 'set' ? undefined : elementsByKey(value, spec.key)?.get(name);
}

/** Whether the field stands in an object, or in a list whose elements are told apart by key. */
export function hasHolder(reading: Reading, record: JsonObject | undefined, path: Path): boolean {
  if (path.length === 0) return true;
  const above = path.slice(0, -1);
  const holder = valueAt(reading, record, above);
  if (!isList(holder)) return holder !== undefined && isJsonObject(holder);
  const spec = listSpecAt(reading, above);
  return spec !== undefined && spec !== 'set' && elementsByKey(holder, spec.key) !== undefined;
}

/** The record with another value at a path, or none; new members and elements come last. */
export function putAt(reading: Reading, value: JsonValue, path: Path, put: JsonValue | undefined): JsonValue {
  return changeAt(reading, value, [], path, put) ?? value;
}

function changeAt(
  reading: Reading,
  value: JsonValue,
  above: Path,
  below: Path,
  put: JsonValue | undefined,
): JsonValue | undefined {
  const [name, ...rest] = below;
  if (name === undefined) return put;
  const here = [...above, name];
  const change = (member: JsonValue | undefined) =>
    member === undefined && rest.length > 0 ? undefined : changeAt(reading, member ?? null, here, rest, put);
  const spec = listSpecAt(reading, above);
  if (isList(value) && spec !== undefined && spec !== 'set') {
    const isAt = (element: JsonValue) => isJsonObject(element) && segmentOf(element, spec.key) === name;
    const changed = value.flatMap((element) => (isAt(element) ? wrap(change(element)) : [element]));
    return value.some(isAt) ? changed : [...value, ...wrap(change(undefined))];
  }
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).flatMap(([other, member]) =>
    other === name
      ? wrap(change(member)).map((changed) => [other, changed] as const)
      : [[other, member] as const],
  );
  return objectOf(
    Object.hasOwn(value, name)
      ? members
      : [...members, ...wrap(change(undefined)).map((made) => [name, made] as const)],
  );
}

function wrap(value: JsonValue | undefined): readonly JsonValue[] {
  return value === undefined ? [] : [value];
}
