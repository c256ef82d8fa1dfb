import { bytes, encrypted, int64, string, timestamp } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';
import { integrations } from './integrations.ts';
import { runs } from './runs.ts';

/** A vendor's page in a run: what it was, and which records it held. */
export const pages = defineTable('pages', {
  columns: {
    customerId: string(64),
    runId: string(64),
    entityType: string(64),
    page: int64(),
    /** Of which of several lists it is; null where there is one only. */
    list: string('max').nullable(),
    /** Names the body in `page_bodies`. */
    digest: string(64),
    /** The ids on the page, 16 bytes of digest each: from these a resumed run rebuilds the set of what it has seen. */
    seen: bytes(),
    /**
     * The vendor's records on the page, as `seen`, where they are not one to one what was read of them: the size that a vendor announces counts
     * these. Null: `seen` are they.
     */
    listed: bytes().nullable(),
    /** Those of `seen` that no record may name: withdrawn by the vendor, or left out and not stored. As `seen`; nearly always empty. */
    gone: bytes(),
    /** As received: the body's charset stands in it. Null where there was none. */
    contentType: string('max').nullable(),
    receivedAt: timestamp(),
    expiresAt: timestamp(),
  },
  primaryKey: ['customerId', 'runId', 'entityType', 'page'],
  interleaveIn: { parent: runs, onDelete: 'cascade' },
  rowDeletion: { column: 'expiresAt', days: 0 },
});
export type Page = RowOf<typeof pages>;
export type PageScope = Pick<Page, 'customerId' | 'runId' | 'entityType'>;

/**
 * Raw bodies as received, compressed, under their digest: a page that a vendor sends every night is kept once. Sealed, since bodies hold
 * what is never read into records (passwords among it).
 */
export const pageBodies = defineTable('page_bodies', {
  columns: {
    customerId: string(64),
    integrationId: string(64),
    digest: string(64),
    body: encrypted(bytes(), { boundTo: ['customerId', 'integrationId', 'digest'] }),
    expiresAt: timestamp(),
  },
  primaryKey: ['customerId', 'integrationId', 'digest'],
  interleaveIn: { parent: integrations, onDelete: 'cascade' },
  rowDeletion: { column: 'expiresAt', days: 0 },
});

/** The ids on each page of an entity type, as digests, from page `from` on. */
export function readSeen(
  reader: Reader,
  scope: PageScope,
  from = 0,
): Promise<readonly Pick<Page, 'page' | 'seen' | 'listed' | 'gone'>[]> {
  return reader.scan(pages, {
    prefix: scope,
    columns: ['page', 'seen', 'listed', 'gone'],
    ...(from === 0 ? {} : { after: { ...scope, page: from - 1 } }),
  });
}

/** What is needed to look at a page once more. */
export interface RawPage extends Pick<Page, 'contentType' | 'list'> {
  readonly compressed: Uint8Array;
}

/** A page as it was received; undefined: it is not kept any more. */
export async function readRawPage(
  reader: Reader,
  integrationId: string,
  scope: PageScope,
  page: number,
): Promise<RawPage | undefined> {
  const row = await reader.get(pages, { ...scope, page }, { columns: ['digest', 'contentType', 'list'] });
  if (row === undefined) return undefined;
  const compressed = await readPageBody(reader, { ...scope, integrationId, digest: row.digest });
  return compressed === undefined ? undefined : { ...row, compressed };
}

/** The body under a digest, compressed. */
export async function readPageBody(
  reader: Reader,
  { customerId, integrationId, digest }: Omit<PageBodyKey, 'expiresAt'>,
): Promise<Uint8Array | undefined> {
  return (await reader.get(pageBodies, { customerId, integrationId, digest }))?.body;
}

/** When the stored body of this digest expires; undefined if there is none. Never opens it. */
export async function readBodyExpiry(
  reader: Reader,
  customerId: string,
  integrationId: string,
  digest: string,
): Promise<string | undefined> {
  const row = await reader.get(pageBodies, { customerId, integrationId, digest }, { columns: ['expiresAt'] });
  return row?.expiresAt;
}

export function insertPage(transaction: Transaction, page: Page): void {
  transaction.upsert(pages, page);
}

export function clearPages(transaction: Transaction, scope: PageScope): void {
  transaction.deleteRange(pages, scope);
}

type PageBodyKey = Omit<RowOf<typeof pageBodies>, 'body'>;

export function putPageBody(
  transaction: Transaction,
  body: PageBodyKey & { readonly body: Uint8Array },
): void {
  transaction.upsert(pageBodies, body);
}

export function prolongPageBody(transaction: Transaction, body: PageBodyKey): void {
  transaction.update(pageBodies, body);
}
