import { arrayOf, date, int64, string, timestamp } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';
import { customers } from './customers.ts';

/**
 * What the fan-out of a night is to begin: `date`, all that belongs to the date, asked for by hand; `due`, what is due from now on whatever
 * its date, asked for by the clock.
 */
export type NightScope = 'date' | 'due';

/** A date that was asked for. Which runs it starts follows from the date, so that asking again starts nothing twice. */
export const nights = defineTable('nights', {
  columns: {
    night: date(),
    /** `queued`, `started` when the fan-out is through. */
    state: string(16),
    /** What the latest fan-out is to begin. */
    wanted: arrayOf(string(16)),
    /** Runs that it began, or found begun. Those of later hours of the night are begun by tasks of their own. */
    runs: int64(),
    /** Names the latest fan-out: the task of an earlier one is stale. */
    requestedAt: timestamp(),
    startedAt: timestamp().nullable(),
    /** Up to this time everything due has its task, for every customer; null where the clock never asked. */
    plannedUntil: timestamp().nullable(),
  },
  primaryKey: ['night'],
});
export type Night = RowOf<typeof nights>;

/** Why an integration has no run: `no_occurrence` only where the date was asked for by hand. */
export const omissionReasons = [
  'paused',
  'vendor_not_deployed',
  'blackout',
  'no_occurrence',
  'schedule_invalid',
] as const;
export type OmissionReason = (typeof omissionReasons)[number];

/** An occurrence of a schedule that began nothing, and why. */
export const omissions = defineTable('omissions', {
  columns: {
    customerId: string(64),
    integrationId: string(64),
    night: date(),
    /** The time at which the run would have begun but for jitter, as ISO 8601; empty: whenever the night was asked for. */
    occurrence: string(32),
    reason: string(32),
    note: string(200).nullable(),
    notedAt: timestamp(),
  },
  primaryKey: ['customerId', 'integrationId', 'night', 'occurrence'],
  indexes: [{ name: 'omissions_by_night', columns: ['night'] }],
  interleaveIn: { parent: customers, onDelete: 'cascade' },
});
export type Omission = RowOf<typeof omissions>;
export type OmissionKey = Pick<Omission, 'customerId' | 'integrationId' | 'night' | 'occurrence'>;

export function readNight(reader: Reader, night: string): Promise<Night | undefined> {
  return reader.get(nights, { night });
}

/** The latest nights, latest first. */
export function listNights(reader: Reader, limit: number): Promise<readonly Night[]> {
  return reader.scan(nights, { descending: true, limit });
}

export function putNight(transaction: Transaction, night: Night): void {
  transaction.upsert(nights, night);
}

export function readOmission(reader: Reader, key: OmissionKey): Promise<Omission | undefined> {
  const { customerId, integrationId, night, occurrence } = key;
  return reader.get(omissions, { customerId, integrationId, night, occurrence });
}

/** What a night left out, in order of customer. */
export function listOmissions(
  reader: Reader,
  night: string,
  after: OmissionKey | undefined,
  limit: number,
): Promise<readonly Omission[]> {
  return reader.scan(omissions, {
    index: 'omissions_by_night',
    prefix: { night },
    limit,
    ...(after === undefined ? {} : { after }),
  });
}

export function putOmission(transaction: Transaction, omission: Omission): void {
  transaction.upsert(omissions, omission);
}

export function deleteOmission(transaction: Transaction, key: OmissionKey): void {
  const { customerId, integrationId, night, occurrence } = key;
  transaction.delete(omissions, { customerId, integrationId, night, occurrence });
}
