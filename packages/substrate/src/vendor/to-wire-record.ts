import type { JsonObject } from '../json/json-value.ts';
import { present } from './present.ts';
import { toWireMembers, type WrittenMembers } from './record-shape.ts';

/**
 * Pure. A whole record as it is written: it begins with `latest`, the vendor's own (or what every new one has), so that what we do not map
 * survives. Members that we map are then ours, absence included.
 */
export function toWireRecord<V extends object>(
  members: WrittenMembers<V>,
  { value, latest }: { readonly value: V; readonly latest: JsonObject },
  written: readonly (keyof V & string)[],
  connection: unknown,
): JsonObject {
  return present({ ...latest, ...toWireMembers(members, value, written, connection, latest) }) as JsonObject;
}
