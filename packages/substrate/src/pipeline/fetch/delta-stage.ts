import { Failure } from '../../failure/failure.ts';
import type { QueuePlace } from '../../store/queue-pages.ts';
import { putRunEntityType, type RunEntityType, readRunEntityTypes } from '../../store/runs.ts';
import type { Collection, Entity } from '../../vendor/define-entity.ts';
import type { DeltaList } from '../../vendor/feed.ts';
import { deltaLists } from '../../vendor/feed-lists.ts';
import { recordFailure } from '../record-failure.ts';
import { commit, type Slice } from '../slice.ts';
import { firstPageOf } from './begin-anew.ts';
import type { FetchedPage } from './fetched-page.ts';
import { assertReferences } from './judge-references.ts';
import { keptPages } from './kept-pages.ts';
import { listPages } from './list-pages.ts';
import { openReferences } from './open-references.ts';
import { digestOf, queuePages, queueWindow } from './queue-pages.ts';
import { stageDelta } from './stage-delta.ts';

/**
 * Fetches what the vendor tells of an entity type's changes, from where the checkpoint stands. What is not told of stays as it is: nothing is
 * proven to be whole, and nothing is gone that the vendor does not call so.
 */
export async function deltaStage(slice: Slice, entity: Entity, start: RunEntityType): Promise<RunEntityType> {
  const lists = listsOf(slice, entity, start);
  const references = await openReferences(slice, entity);
  let progress = start;
  for await (const page of deltaPages(slice, lists, start)) {
    const list = lists[positionIn(page.position).index] as DeltaList;
    progress = await stageDelta(slice, entity, progress, references, page, list);
    assertReferences(progress);
  }
  return await concludeDelta(slice, progress);
}

function listsOf(
  { vendor, connection }: Slice,
  entity: Entity,
  { window }: RunEntityType,
): readonly DeltaList[] {
  const { feed } = vendor;
  const { entityType } = entity;
  const lists = window === null ? undefined : deltaLists(vendor, entity, window, connection);
  if (feed?.latest !== undefined && lists?.some(({ isConsumed }) => isConsumed === true)) {
    throw new Failure(
      'config_invalid',
      'A list that is read away cannot be part of a feed that names its latest event',
      {
        data: { vendor: vendor.id, entityType },
      },
    );
  }
  if (lists !== undefined) return lists;
  throw new Failure('internal', 'The vendor does not tell any more what changed', { data: { entityType } });
}

/** The lists one after the other. `position` is the one under way, or the last that is done; without a cursor it is done. */
async function* deltaPages(
  slice: Slice,
  lists: readonly DeltaList[],
  start: RunEntityType,
): AsyncGenerator<FetchedPage> {
  const { position, cursor, pages, window } = start;
  const [only] = lists;
  if (only !== undefined && lists.length === 1 && only.isConsumed !== true) {
    const teller = await findTeller(slice, only.collection, start);
    if (teller !== undefined)
      return yield* keptPages(slice, () => only.collection, teller, firstPageOf(teller) + pages, '0');
  }
  const done = positionIn(position);
  for (const [index, list] of lists.entries()) {
    if (index < done.index) continue;
    if (list.isConsumed === true) {
      const after = index === done.index ? done.place : undefined;
      yield* queuePages(
        slice,
        list,
        window ?? queueWindow,
        after,
        ({ token, page }) => `${index}:${token}:${page}`,
      );
    } else if (index > done.index || cursor !== null) {
      const at = index === done.index ? cursor : null;
      yield* listPages(slice, list.collection, at, { position: String(index) });
    }
  }
}

/** Which of the lists, and which page of a queue: of those all pages are there, and none has a cursor. */
function positionIn(position: string | null): { readonly index: number; readonly place?: QueuePlace } {
  const [index = -1, token, page] = position?.split(':').map(Number) ?? [];
  return token === undefined || page === undefined ? { index } : { index, place: { token, page } };
}

/**
 * An entity type of this run that has read the very same list: one feed tells of all. Its pages are read here once more, and asked for once.
 */
async function findTeller(
  { worker, run, vendor, connection }: Slice,
  collection: Collection,
  { entityType, window }: RunEntityType,
): Promise<RunEntityType | undefined> {
  const all = await readRunEntityTypes(worker.store, run.customerId, run.runId);
  for (const other of vendor.entities) {
    if (other.entityType === entityType) return undefined;
    const progress = all.get(other.entityType);
    if (progress?.window == null || window === null || progress.finishedAt !== null) continue;
    const lists = deltaLists(vendor, other, progress.window, connection) ?? [];
    const [only] = lists;
    if (lists.length === 1 && only !== undefined && digestOf(only.collection) === digestOf(collection))
      return progress;
  }
  return undefined;
}

async function concludeDelta(slice: Slice, progress: RunEntityType): Promise<RunEntityType> {
  const { entityType, evidence } = progress;
  const unidentified = evidence?.unidentified ?? 0;
  // It comes again with the next whole fetch, which a run that is not in step is followed by.
  const failure = new Failure(
    'incomplete_fetch',
    'Some records came without a readable id, so what changed of them is not known',
    {
      data: { entityType, unidentified },
    },
  );
  const next: RunEntityType = {
    ...progress,
    stage: 'comparing',
    cursor: null,
    position: null,
    evidence: { ...(evidence ?? { records: 0, unidentified: 0, distinct: 0 }), endMarker: 'every-list' },
    failure: unidentified > 0 ? recordFailure(failure) : null,
  };
  await commit(slice, (transaction) => putRunEntityType(transaction, next));
  return next;
}
