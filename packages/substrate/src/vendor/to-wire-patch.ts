import type { JsonObject } from '../json/json-value.ts';
import { toWireMembers, type WrittenMembers } from './record-shape.ts';

/** What is written: a `WrittenRecord`, or as much of one as its table needs. */
interface Written<V extends object> {
  readonly value: V;
  readonly changed: readonly string[];
  readonly latest?: JsonObject;
}

/**
 * Pure. The body of a partial update: of the changed members those that the table has, under the vendor's names; null empties what is gone from
 * the value.
 */
export function toWirePatch<V extends object>(
  members: WrittenMembers<V>,
  { value, changed, latest }: Written<V>,
  connection?: unknown,
): JsonObject {
  const taken = changed.filter((name): name is keyof V & string => Object.hasOwn(members, name));
  const written = toWireMembers(members, value, taken, connection, latest);
  return Object.fromEntries(Object.entries(written).map(([name, member]) => [name, member ?? null]));
}
