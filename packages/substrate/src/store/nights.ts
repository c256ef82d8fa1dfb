import { date, int64, string, timestamp } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';

/** One night's fan-out: which runs it starts follows from its date alone, so that asking twice starts nothing twice. */
export const nights = defineTable('nights', {
  columns: {
    night: date(),
    /** `queued`, `started` when every integration has its run. */
    state: string(16),
    /** Runs begun by it. */
    runs: int64(),
    requestedAt: timestamp(),
    startedAt: timestamp().nullable(),
  },
  primaryKey: ['night'],
});
export type Night = RowOf<typeof nights>;

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
