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

/** The reading of a OneRoster object: deleted if it is marked so, else its own members with the common ones. */
export function readEnveloped<T extends EntityType>(
  record: Envelope,
  members: Omit<EntityValue<T>, 'status' | 'dateLastModified' | 'metadata'>,
): readonly Reading<T>[] {
  if (record.status === 'tobedeleted') return [{ id: record.sourcedId, deleted: true }];
  const { dateLastModified, metadata } = record;
  const status = record.status === 'inactive' ? 'inactive' : 'active';
  // An object spread over a generic type is not known to be that type; conformance parses every reading with the strict schema.
  const value = { ...members, ...present({ status, dateLastModified, metadata }) } as EntityValue<T>;
  return [{ id: record.sourcedId, value }];
}

const Identified = z.object({ sourcedId: envelope.sourcedId });

/** The id of a record that could not be read. */
export function sourcedIdOf(record: unknown): string | undefined {
  const parsed = Identified.safeParse(record);
  return parsed.success ? parsed.data.sourcedId : undefined;
}
