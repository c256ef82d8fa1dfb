import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { DateTime } from '@flotilla/substrate/lenient';
import { type EntityWrite, toWireRecord, type WrittenRecord } from '@flotilla/substrate/vendor';
import type { Connection } from '../paths.ts';
import type { WrittenKind, WrittenType } from './gradebook-write.ts';

/**
 * Pure. The whole object as the standard wants it written. It begins with the vendor's own, so that what we do not map survives; members
 * that we map are then ours, absence included.
 */
export function writtenObject<T extends WrittenType>(
  { members, momentOf }: Pick<WrittenKind<T>, 'members' | 'momentOf'>,
  names: EntityWrite<T, Connection>['members'],
  { id, value, latest = {}, at }: WrittenRecord<T>,
  connection: Connection,
): JsonObject {
  const own = {
    ...latest,
    sourcedId: id,
    status: statusOf(latest, connection),
    dateLastModified: modifiedAt([at, value.dateLastModified, latest.dateLastModified], momentOf?.(value)),
  };
  return toWireRecord(members, { value, latest: own }, names, connection);
}

/** Whether a record is active is not ours to change: what a 1.1 provider calls inactive stays so. 1.2 knows no such word. */
function statusOf({ status }: JsonObject, { version }: Connection): string {
  const isInactive = typeof status === 'string' && status.trim().toLowerCase() === 'inactive';
  return isInactive && version === '1.1' ? 'inactive' : 'active';
}

/**
 * The schema wants the moment of the last change from writers too, in UTC, and the standard does not say that the server puts in its own.
 * Without the moment of the write it is the latest that either side knows, at worst the beginning of 1970.
 */
function modifiedAt(known: readonly unknown[], otherwise: string | undefined): string {
  const moments = known.flatMap((text) => {
    const parsed = DateTime.safeParse(text);
    return parsed.success ? [Date.parse(parsed.data)] : [];
  });
  return new Date(moments.length === 0 ? (otherwise ?? 0) : Math.max(...moments)).toISOString();
}
