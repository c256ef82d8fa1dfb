import { Failure, isFailure } from '../../failure/failure.ts';
import { scanRecordHashes } from '../../store/records.ts';
import { putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { recordFailure } from '../record-failure.ts';
import { commit, type Slice, withCounts } from '../slice.ts';
import { beginAnew, beginWhole, scopeOf } from './begin-anew.ts';
import { deltaStage } from './delta-stage.ts';
import { resumeFetched } from './fetched-ids.ts';
import { countRefused, findJoinFailure, joinStage } from './join-stage.ts';
import { judgeLists } from './judge-lists.ts';
import { assertReferences } from './judge-references.ts';
import { noEvidence, withEnd } from './list-evidence.ts';
import { type OpenedPages, openPages } from './open-pages.ts';
import { openReferences } from './open-references.ts';
import { createSeenIds, type SeenIds } from './seen-ids.ts';
import { unclearDelta } from './stage-delta.ts';
import { stagePage } from './stage-page.ts';
import type { VanishedList } from './within-pages.ts';

const hashesPage = 100;

export interface Fetched {
  readonly progress: RunEntityType;
  readonly seen: SeenIds;
}

/**
 * Fetches an entity type from where the checkpoint stands to its end and judges the whole set. Fails with `verification_failed` for a set
 * that nothing may be done with.
 */
export async function fetchStage(slice: Slice, entity: Entity, start: RunEntityType): Promise<Fetched> {
  let progress = start;
  for (;;) {
    try {
      return await fetchOnce(slice, entity, progress);
    } catch (thrown) {
      if (thrown === unclearDelta) progress = await beginWhole(slice, entity);
      else if (!isFailure(thrown, 'cursor_expired')) throw thrown;
      else progress = await beginAnew(slice, entity, thrown);
    }
  }
}

async function fetchOnce(slice: Slice, entity: Entity, start: RunEntityType): Promise<Fetched> {
  // What a delta does not tell of is not looked for, so nobody asks what it has shown.
  if (start.window !== null)
    return { progress: await deltaStage(slice, entity, start), seen: createSeenIds() };
  assertOfferedUnder(slice, entity);
  // First what other lists say of the records: each page of theirs then takes its part of it.
  let progress = await joinStage(slice, entity, start);
  const fetched = await resumeFetched(slice, scopeOf(progress), progress);
  const references = await openReferences(slice, entity);
  const fetch = await openPages(slice, entity, progress);
  // A checkpoint after the last page has no cursor but has evidence of the end.
  if (progress.evidence?.endMarker === undefined) {
    for await (const page of fetch.pages()) {
      progress =
        'vanished' in page
          ? await passOver(slice, progress, page)
          : await stagePage(slice, entity, progress, fetched, references, page, fetch.lister);
      assertReferences(progress);
    }
    assertOffered(progress);
  }
  progress = { ...progress, evidence: withEnd(progress.evidence, fetch.end) };
  // Once more: the slice may have ended between the last page and its judgement.
  assertReferences(progress);
  return { progress: await concludeFetch(slice, entity, progress, fetch), seen: fetched.ids };
}

/** A parent that is not there any more: what is stored of it may be gone or elsewhere by now, so nothing is called gone. */
async function passOver(
  slice: Slice,
  progress: RunEntityType,
  { vanished }: VanishedList,
): Promise<RunEntityType> {
  const evidence = { ...(progress.evidence ?? noEvidence), isUnsteady: true as const };
  const next = { ...progress, cursor: null, position: vanished, evidence };
  await commit(slice, (transaction) => putRunEntityType(transaction, next));
  return next;
}

/** What the connection settings rule out is not asked for. */
function assertOfferedUnder({ connection }: Slice, { entityType, isOffered }: Entity): void {
  if (isOffered?.(connection) === false)
    throw new Failure(
      'not_found',
      'The vendor does not offer these records under these connection settings',
      {
        data: { entityType },
      },
    );
}

/** Where no parent has the list, the vendor does not offer it. */
function assertOffered({ pages, evidence, entityType }: RunEntityType): void {
  if (pages > 0 || evidence?.isUnsteady !== true) return;
  throw new Failure('vendor_answer_invalid', 'The vendor has none of the lists that these records stand in', {
    data: { entityType, status: 404 },
  });
}

/** Judges the set and moves on; notes where it cannot be told what is gone. */
async function concludeFetch(
  slice: Slice,
  entity: Entity,
  progress: RunEntityType,
  fetch: OpenedPages,
): Promise<RunEntityType> {
  const hasStored = await hasTheirs(slice, entity);
  const verdict = await judgeLists(slice, scopeOf(progress), progress, fetch.source, hasStored);
  if (verdict.kind === 'unsound') throw verdict.failure;
  const next: RunEntityType = {
    ...withCounts(progress, { quarantined: countRefused(progress) }),
    stage: 'comparing',
    position: null,
    failure: verdict.kind === 'incomplete' ? recordFailure(verdict.failure) : findJoinFailure(progress),
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
