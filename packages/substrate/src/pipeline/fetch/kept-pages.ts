import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Failure } from '../../failure/failure.ts';
import { readJson } from '../../http/read-json.ts';
import { type PageScope, type RawPage, readRawPage } from '../../store/pages.ts';
import type { RunEntityType } from '../../store/runs.ts';
import { recordsIn } from '../../vendor/collection-request.ts';
import type { Collection } from '../../vendor/define-entity.ts';
import { type Slice, stopIfOver } from '../slice.ts';
import type { FetchedPage } from './fetched-page.ts';

const decompress = promisify(gunzip);

/**
 * The pages that this run has fetched for another entity type (`source`), from page `from` on, as they were received: nothing is asked of
 * the vendor again. What they say of their list is said to the other one.
 */
export async function* keptPages(
  slice: Slice,
  collectionOf: (list: string) => Collection,
  source: RunEntityType,
  from: number,
  position: string | null = null,
): AsyncGenerator<FetchedPage> {
  const { customerId, runId } = slice.run;
  const scope = { customerId, runId, entityType: source.entityType };
  for (let page = from; page < source.pages; page++) {
    stopIfOver(slice);
    yield { ...(await readKeptPage(slice, scope, page, collectionOf)), position };
  }
}

/** One of the pages that this run has kept, as it was received. */
async function readKeptPage(
  { worker, run }: Slice,
  scope: PageScope,
  page: number,
  collectionOf: (list: string) => Collection,
): Promise<FetchedPage> {
  const kept = await readRawPage(worker.store, run.integrationId, scope, page);
  if (kept === undefined) {
    throw new Failure('internal', 'A fetched page is not kept any more', { data: { ...scope, page } });
  }
  return await openKept(kept, collectionOf(kept.list ?? ''));
}

/** A page from what is kept of it. */
export async function openKept(
  { compressed, contentType, list }: RawPage,
  collection: Collection,
): Promise<FetchedPage> {
  const body = await decompress(compressed);
  const headers = contentType === null ? {} : { 'content-type': contentType };
  const records = recordsIn(readJson({ headers, body }), collection);
  return {
    body,
    contentType,
    records,
    evidence: { records: records.length },
    cursor: null,
    list,
    position: null,
    beginsList: false,
  };
}
