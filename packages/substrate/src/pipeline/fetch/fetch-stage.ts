import { Failure, isFailure } from '../../failure/failure.ts';
import { readSeen } from '../../store/pages.ts';
import { scanRecordHashes } from '../../store/records.ts';
import {
  type FetchEnd,
  type FetchedEvidence,
  putRunEntityType,
  type RunEntityType,
  readRunEntityTypes,
} from '../../store/runs.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { recordFailure } from '../record-failure.ts';
import { commit, type Slice } from '../slice.ts';
import { beginAnew, beginWhole, firstPageOf, hasLostSome } from './begin-anew.ts';
import { deltaStage } from './delta-stage.ts';
import { createFetchedIds, type FetchedIds } from './fetched-ids.ts';
import type { FetchedPage } from './fetched-page.ts';
import { type FetchVerdict, judgeFetch } from './judge-fetch.ts';
import { assertReferences } from './judge-references.ts';
import { keptPages } from './kept-pages.ts';
import { listPages } from './list-pages.ts';
import { openReferences } from './open-references.ts';
import { createSeenIds, type SeenIds } from './seen-ids.ts';
import { unclearDelta } from './stage-delta.ts';
import { stagePage } from './stage-page.ts';
import { collectionAt, type VanishedList, withinPages } from './within-pages.ts';

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
  const fetched = await resumeFetched(slice, start);
  const references = await openReferences(slice, entity);
  const fetch = await openFetch(slice, entity, start);
  let progress = start;
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
  progress = withEnd(progress, fetch.end);
  // Once more: the slice may have ended between the last page and its judgement.
  assertReferences(progress);
  return { progress: await concludeFetch(slice, entity, progress, fetch), seen: fetched.ids };
}

/** Where an entity type's pages come from in this run. */
interface Fetch {
  readonly pages: () => AsyncGenerator<FetchedPage | VanishedList>;
  /** Knows the vendor's records in their list by their ids; absent where the list is not this entity type's own. */
  readonly lister?: Pick<Entity, 'idOf'>;
  /** Why the fetch is at its end when no page is left; absent where the last page says it. */
  readonly end?: FetchEnd;
  /** The entity type that the pages were fetched for, and that answers for them. */
  readonly source?: RunEntityType;
}

async function openFetch(slice: Slice, entity: Entity, start: RunEntityType): Promise<Fetch> {
  const { customerId, runId } = slice.run;
  const { from } = entity;
  const lister = slice.vendor.entities.find((one) => one.entityType === from) ?? entity;
  const progress = await readRunEntityTypes(slice.worker.store, customerId, runId);
  const source = from === undefined ? undefined : progress.get(from);
  const collectionOf = (list: string) => collectionAt(slice, lister, list);
  // What has been applied already may be old by now: then, as where it is not part of the run, the list is fetched once more.
  // And where only what changed was fetched for the other one.
  if (source !== undefined && source.finishedAt === null && source.window === null) {
    return {
      pages: () => keptPages(slice, collectionOf, source, firstPageOf(source) + start.pages),
      end: 'pages-of-another',
      source,
    };
  }
  if (lister.lists !== undefined || lister.within !== undefined)
    return { pages: () => withinPages(slice, lister, start), lister, end: 'every-list' };
  return { pages: () => listPages(slice, collectionOf(''), start.cursor), lister };
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

const noEvidence: FetchedEvidence = { records: 0, unidentified: 0, distinct: 0 };

function withEnd(progress: RunEntityType, end: FetchEnd | undefined): RunEntityType {
  if (end === undefined) return progress;
  return { ...progress, evidence: { ...(progress.evidence ?? noEvidence), endMarker: end } };
}

/** What earlier slices of this run have seen of an entity type. */
export async function resumeFetched(slice: Slice, progress: RunEntityType): Promise<FetchedIds> {
  const { customerId, runId, entityType } = progress;
  const fetched = createFetchedIds();
  const scope = { customerId, runId, entityType };
  for (const page of await readSeen(slice.worker.store, scope, firstPageOf(progress))) {
    if (page.page === progress.evidence?.list?.firstPage) fetched.beginList();
    fetched.add(page);
  }
  return fetched;
}

/** Judges the set and moves on; notes where it cannot be told what is gone. */
async function concludeFetch(
  slice: Slice,
  entity: Entity,
  progress: RunEntityType,
  fetch: Fetch,
): Promise<RunEntityType> {
  const verdict = judgeSource(
    fetch.source,
    judgeFetch(
      entity.entityType,
      {
        ...(progress.evidence ?? noEvidence),
        list: progress.evidence?.short ?? progress.evidence?.list,
        isUnsteady: progress.evidence?.isUnsteady ?? (await hasLostSome(slice, progress)),
      },
      await hasTheirs(slice, entity),
    ),
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

/** A set is no more whole than the pages that it was read from. */
function judgeSource(source: RunEntityType | undefined, verdict: FetchVerdict): FetchVerdict {
  if (verdict.kind !== 'complete' || source === undefined || source.failure === null) return verdict;
  const failure = new Failure(
    'incomplete_fetch',
    'It is not certain that everything came that these records are read from',
    { data: { from: source.entityType } },
  );
  return { kind: 'incomplete', failure };
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
