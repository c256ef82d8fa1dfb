import { arrayOf, int64, json, string, timestamp } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';
import type { RecordedFailure } from '../report/recorded-failure.ts';
import { customers } from './customers.ts';
import { type Run, runs } from './runs.ts';

/** What a mail tells of one run: new trouble; trouble that was told before and lasts; an integration that is well again. */
export interface NoticeItem {
  readonly kind: 'trouble' | 'again' | 'recovered';
  readonly integrationId: string;
  readonly runId: string;
  /** When the trouble began. */
  readonly since: string;
  /** How often it has been told, this time included. */
  readonly times: number;
}

/** What became of a mail for one recipient. */
export interface Delivery {
  readonly address: string;
  /** `refused` is for good. */
  readonly state: 'waiting' | 'sent' | 'refused';
  readonly at: string | null;
  /** Why it was not sent when it was last tried. */
  readonly failure: RecordedFailure | null;
}

export const noticeKinds = ['problems', 'digest'] as const;

/** Mails to be sent, and those that were: the outbox. What a mail says is composed when it is sent. */
export const notices = defineTable('notices', {
  columns: {
    customerId: string(64),
    /** Follows from what is told: the same news is the same mail. */
    noticeId: string(64),
    kind: string(16),
    /** Of a digest none: it tells of all that was from `since` to `until`. */
    items: json<readonly NoticeItem[]>(),
    since: timestamp(),
    until: timestamp(),
    deliveries: json<readonly Delivery[]>(),
    attempts: int64(),
    /** When it is to be tried; null once nobody waits for it. */
    dueAt: timestamp().nullable(),
    /** Somebody is sending it, and has until then; null: nobody is. */
    claimedUntil: timestamp().nullable(),
    createdAt: timestamp(),
    expiresAt: timestamp(),
  },
  primaryKey: ['customerId', 'noticeId'],
  interleaveIn: { parent: customers, onDelete: 'cascade' },
  indexes: [
    { name: 'notices_due', columns: ['customerId', 'dueAt'], nullFiltered: true },
    { name: 'notices_by_customer', columns: ['customerId', { column: 'createdAt', descending: true }] },
  ],
  rowDeletion: { column: 'expiresAt', days: 0 },
});
export type Notice = RowOf<typeof notices>;

/** Trouble of an integration that somebody was told of, until it is well again. */
export const reportedTroubles = defineTable('reported_troubles', {
  columns: {
    customerId: string(64),
    integrationId: string(64),
    /** Of what was wrong: the same trouble is not told twice a day. */
    digest: string(64),
    /** What was not in order; empty: everything. */
    entityTypes: arrayOf(string(64)),
    since: timestamp(),
    toldAt: timestamp(),
    times: int64(),
  },
  primaryKey: ['customerId', 'integrationId'],
  interleaveIn: { parent: customers, onDelete: 'cascade' },
});
export type ReportedTrouble = RowOf<typeof reportedTroubles>;

/** Runs of which somebody may have to be told: of one customer, or of all in order of customer. */
export function listNoticedRuns(
  reader: Reader,
  scope: { readonly customerId?: string; readonly after?: Run; readonly limit: number },
): Promise<readonly Run[]> {
  const { customerId, after, limit } = scope;
  return reader.scan(runs, {
    index: 'runs_noticed',
    limit,
    ...(customerId === undefined ? {} : { prefix: { customerId } }),
    ...(after === undefined ? {} : { after }),
  });
}

/** Mails that are not sent yet: of one customer, or of all in order of customer. */
export function listUnsentNotices(
  reader: Reader,
  scope: { readonly customerId?: string; readonly after?: Notice; readonly limit: number },
): Promise<readonly Notice[]> {
  const { customerId, after, limit } = scope;
  return reader.scan(notices, {
    index: 'notices_due',
    limit,
    ...(customerId === undefined ? {} : { prefix: { customerId } }),
    ...(after === undefined ? {} : { after }),
  });
}

/** Latest first. */
export function listNotices(reader: Reader, customerId: string, limit: number): Promise<readonly Notice[]> {
  return reader.scan(notices, { index: 'notices_by_customer', prefix: { customerId }, limit });
}

export function readNotice(
  reader: Reader,
  customerId: string,
  noticeId: string,
): Promise<Notice | undefined> {
  return reader.get(notices, { customerId, noticeId });
}

export function putNotice(transaction: Transaction, notice: Notice): void {
  transaction.upsert(notices, notice);
}

export function readReportedTrouble(
  reader: Reader,
  customerId: string,
  integrationId: string,
): Promise<ReportedTrouble | undefined> {
  return reader.get(reportedTroubles, { customerId, integrationId });
}

/** By integration, those of these that somebody was told of. */
export async function readReportedTroubles(
  reader: Reader,
  customerId: string,
  integrationIds: Iterable<string>,
): Promise<ReadonlyMap<string, ReportedTrouble>> {
  const keys = Array.from(new Set(integrationIds), (integrationId) => ({ customerId, integrationId }));
  const rows = await reader.getMany(reportedTroubles, keys);
  return new Map(rows.map((row) => [row.integrationId, row]));
}

export function putReportedTrouble(transaction: Transaction, trouble: ReportedTrouble): void {
  transaction.upsert(reportedTroubles, trouble);
}

export function deleteReportedTrouble(
  transaction: Transaction,
  { customerId, integrationId }: Pick<ReportedTrouble, 'customerId' | 'integrationId'>,
): void {
  transaction.delete(reportedTroubles, { customerId, integrationId });
}
