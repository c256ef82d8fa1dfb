import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { digestText } from '../../json/digest.ts';
import { toWellFormedJson } from '../../json/well-formed.ts';
import { insertPage, type Page, prolongPageBody, putPageBody, readBodyExpiry } from '../../store/pages.ts';
import { insertQuarantined } from '../../store/quarantine.ts';
import type { StoreTransaction } from '../../store/schema.ts';
import { isoNow, type Slice } from '../slice.ts';
import type { FetchedPage } from './fetched-page.ts';
import type { Refusal } from './read-page.ts';

const compress = promisify(gzip);

/** Raw pages and quarantined records are kept this long. */
const keepMs = 30 * 24 * 60 * 60_000;
const renewMs = 24 * 60 * 60_000;

/** What was made out of a page. */
export interface KeptFacts extends Pick<Page, 'seen' | 'listed' | 'gone'> {
  readonly refused: readonly Refusal[];
}

/** Buffers a page, as the `number`th of its entity type, with its body and what was left out of it. */
export type KeepPage = (
  transaction: StoreTransaction,
  entity: { readonly entityType: string },
  number: number,
  facts: KeptFacts,
) => void;

/** Prepares to keep a page as it was received; its body is compressed beside this thread. */
export async function prepareKept(slice: Slice, { body, contentType, list }: FetchedPage): Promise<KeepPage> {
  const { customerId, runId, integrationId } = slice.run;
  const putBody = await prepareBody(slice, body);
  return (transaction, { entityType }, page, { refused, ...facts }) => {
    putBody.write(transaction);
    const receivedAt = isoNow(slice);
    const { digest, expiresAt } = putBody;
    insertPage(transaction, {
      customerId,
      runId,
      entityType,
      page,
      list,
      digest,
      ...facts,
      contentType,
      receivedAt,
      expiresAt,
    });
    insertQuarantined(
      transaction,
      refused.map(({ ordinal, id, failure, raw }) => ({
        customerId,
        runId,
        integrationId,
        entityType,
        page,
        ordinal,
        recordId: id?.toWellFormed() ?? null,
        failure,
        raw: toWellFormedJson(raw),
        expiresAt,
      })),
    );
  };
}

interface KeptBody {
  readonly digest: string;
  readonly expiresAt: string;
  readonly write: (transaction: StoreTransaction) => void;
}

/** The body's part in the commit: nothing if it is kept already, a longer life if that ends soon, else the body itself. */
export async function prepareBody(slice: Slice, body: Uint8Array): Promise<KeptBody> {
  const { customerId, integrationId } = slice.run;
  const digest = digestText(body);
  const expiresAt = expiry(slice);
  const key = { customerId, integrationId, digest, expiresAt };
  const keptUntil = await readBodyExpiry(slice.worker.store, customerId, integrationId, digest);
  const keptForMs = keptUntil === undefined ? 0 : Date.parse(keptUntil) - slice.worker.clock.now();
  // One that is about to expire may be gone before the commit: it is written again.
  if (keptForMs > renewMs) {
    const endsSoon = keptForMs < keepMs / 2;
    return { digest, expiresAt, write: (transaction) => endsSoon && prolongPageBody(transaction, key) };
  }
  const compressed = await compress(body, { level: 1 });
  return {
    digest,
    expiresAt,
    write: (transaction) => putPageBody(transaction, { ...key, body: compressed }),
  };
}

function expiry({ worker }: Slice): string {
  return new Date(worker.clock.now() + keepMs).toISOString();
}
