import type { EntityType, EntityValue } from '@flotilla/substrate/model';
import { present, type Reading } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { DateTime, optional, Text, word } from './lenient.ts';

/**
 * The members of every OneRoster object. `tobedeleted` is 1.2's only other status than `active`; 1.1 data has `inactive` as well. A
 * missing status, usual in rows exported from bulk CSV, means active.
 */
export const envelope = {
  sourcedId: Text.pipe(z.string().trim().min(1).max(255)),
  status: optional(word(['active', 'inactive', 'tobedeleted'])),
  dateLastModified: optional(DateTime),
  // Providers written in PHP send an empty object as an empty list.
  metadata: z.preprocess(
    (value) => (Array.isArray(value) && value.length === 0 ? undefined : value),
    optional(z.record(z.string(), z.json())),
  ),
};

interface Envelope {
  readonly sourcedId: string;
  readonly status?: string | undefined;
  readonly dateLastModified?: string | undefined;
  readonly metadata?: Record<string, z.core.util.JSONType> | undefined;
}

/** What is read of an object that the provider calls deleted. */
interface Tombstone {
  readonly deletedId: string;
}

const Tombstone = z.object(envelope).transform(({ sourcedId }): Tombstone => ({ deletedId: sourcedId }));

/**
 * The wire of a OneRoster object. Of one that is marked `tobedeleted` only the envelope must parse: providers clear the other members, or
 * leave them out. Not a `z.union`, whose issues would not name the member at fault.
 */
export function enveloped<S extends z.ZodType<Envelope>>(full: S) {
  return z.unknown().transform((object, context): z.output<S> | Tombstone => {
    const parsed = (isMarkedDeleted(object) ? Tombstone : full).safeParse(object);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) context.addIssue({ ...issue });
    return z.NEVER;
  });
}

function isMarkedDeleted(object: unknown): boolean {
  if (typeof object !== 'object' || object === null || !('status' in object)) return false;
  return typeof object.status === 'string' && object.status.trim().toLowerCase() === 'tobedeleted';
}

/** Makes an entity's `read` of what a OneRoster object of its own says besides the envelope: deleted if it is marked so. */
export function readEnveloped<T extends EntityType, R extends Envelope>(
  membersOf: (record: R) => Omit<EntityValue<T>, 'status' | 'dateLastModified' | 'metadata'>,
): (record: R | Tombstone) => readonly Reading<T>[] {
  return (record) => {
    if ('deletedId' in record) return [{ id: record.deletedId, deleted: true }];
    const { dateLastModified, metadata } = record;
    const status = record.status === 'inactive' ? 'inactive' : 'active';
    const common = present({ status, dateLastModified, metadata });
    // An object spread over a generic type is not known to be that type; conformance parses every reading with the strict schema.
    const value = { ...membersOf(record), ...common } as EntityValue<T>;
    return [{ id: record.sourcedId, value }];
  };
}

const Identified = z.object({ sourcedId: envelope.sourcedId });

/** The id of a record that could not be read. */
export function sourcedIdOf(record: unknown): string | undefined {
  const parsed = Identified.safeParse(record);
  return parsed.success ? parsed.data.sourcedId : undefined;
}
