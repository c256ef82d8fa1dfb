import type { VendorPage } from '../../http/vendor-client.ts';
import { readSeen } from '../../store/pages.ts';
import { scanRecordHashes } from '../../store/records.ts';
import { putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import { toPageRequest } from '../../vendor/collection-request.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { recordFailure } from '../record-failure.ts';
import { commit, type Slice, stopIfOver } from '../slice.ts';
import { judgeFetch } from './judge-fetch.ts';
import { judgeReferences } from './judge-references.ts';
import { openReferences } from './open-references.ts';
import { createSeenIds, type SeenIds } from './seen-ids.ts';
import { stagePage } from './stage-page.ts';

const hashesPage = 100;

export interface Fetched {
  readonly progress: RunEntityType;
  readonly seen: SeenIds;
}

/**
 * Fetches an entity type from where the checkpoint stands to its end and judges the whole set. While one page is staged the next is under
 * way. Fails with `verification_failed` for a set that nothing may be done with.
 */
export async function fetchStage(slice: Slice, entity: Entity, start: RunEntityType): Promise<Fetched> {
  const seen = await resumeSeen(slice, entity);
  const references = await openReferences(slice, entity);
  let progress = start;
  // A checkpoint after the last page has no cursor but has evidence of the end.
  let pending =
    progress.evidence?.endMarker === undefined ? fetchAhead(slice, entity, progress.cursor) : undefined;
  while (pending !== undefined) {
    stopIfOver(slice);
    const page: VendorPage = await lookAgain(slice, entity, progress, await pending);
    pending = page.cursor === null ? undefined : fetchAhead(slice, entity, page.cursor);
    progress = await stagePage(slice, entity, progress, seen, references, page);
    assertReferences(progress);
  }
  // Once more: the slice may have ended between the last page and its judgement.
  assertReferences(progress);
  return { progress: await concludeFetch(slice, entity, progress), seen };
}

function assertReferences({ entityType, evidence }: RunEntityType): void {
  const failure = evidence === null ? undefined : judgeReferences(entityType, evidence);
  if (failure !== undefined) throw failure;
}

/**
 * Where a vendor names no total, an empty page after others is all that says that the list has ended; in a bad moment a vendor sends one
 * in the middle too. So that page is asked for once more before it is believed.
 */
async function lookAgain(
  slice: Slice,
  entity: Entity,
  { cursor, pages }: RunEntityType,
  page: VendorPage,
): Promise<VendorPage> {
  const { endMarker, total } = page.evidence;
  if (pages === 0 || total !== undefined || endMarker !== 'empty-page') return page;
  return await fetchAhead(slice, entity, cursor);
}

/** The ids that earlier slices of this run have seen. */
export async function resumeSeen(slice: Slice, entity: Entity): Promise<SeenIds> {
  const { customerId, runId } = slice.run;
  const seen = createSeenIds();
  for (const page of await readSeen(slice.worker.store, customerId, runId, entity.entityType))
    seen.add(page.seen);
  return seen;
}

function fetchAhead(slice: Slice, entity: Entity, cursor: RunEntityType['cursor']): Promise<VendorPage> {
  const page = slice.client.fetchPage({
    ...toPageRequest(slice.vendor.api, entity.collection(slice.connection)),
    cursor,
    signal: slice.signal,
  });
  // It is awaited after the page before has been committed; if that fails, nobody is left to hear of this one.
  page.catch(() => undefined);
  return page;
}

/** Judges the set and moves on; notes where it cannot be told what is gone. */
async function concludeFetch(slice: Slice, entity: Entity, progress: RunEntityType): Promise<RunEntityType> {
  const { entityType } = entity;
  const { distinct = 0, unidentified = 0, total, isUnsteady, endMarker } = progress.evidence ?? {};
  const verdict = judgeFetch(
    entityType,
    { distinct, unidentified, total, isUnsteady, endMarker },
    await hasTheirs(slice, entity),
  );
  if (verdict.kind === 'unsound') throw verdict.failure;
  const next: RunEntityType = {
    ...progress,
    stage: 'comparing',
    position: null,
    failure: verdict.kind === 'incomplete' ? recordFailure(verdict.failure) : null,
  };
  await commit(slice, (transaction) => putRunEntityType(transaction, next));
  return next;
}

/** Whether any record is stored that the vendor was known to have. */
export async function hasTheirs(slice: Slice, { entityType }: Entity): Promise<boolean> {
  const { customerId, integrationId } = slice.run;
  const scope = { customerId, integrationId, entityType };
  let after: string | null = null;
  for (;;) {
    const page: Awaited<ReturnType<typeof scanRecordHashes>> = await scanRecordHashes(
      slice.worker.store,
      scope,
      after,
      hashesPage,
    );
    if (page.some(({ baseHash }) => baseHash !== null)) return true;
    // Nearly always the first row answers; only records of our own making let it go on.
    after = page.at(-1)?.recordId ?? null;
    if (page.length < hashesPage) return false;
  }
}
