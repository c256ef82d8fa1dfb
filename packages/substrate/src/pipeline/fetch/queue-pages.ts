import { canonicalJson } from '../../json/canonical-json.ts';
import { digestText } from '../../json/digest.ts';
import type { JsonValue } from '../../json/json-value.ts';
import { type QueueProgress, readRun, updateRun } from '../../store/runs.ts';
import type { Collection, Entity } from '../../vendor/define-entity.ts';
import type { DeltaList } from '../../vendor/feed.ts';
import { commit, type Slice, stopIfOver } from '../slice.ts';
import type { FetchedPage } from './fetched-page.ts';
import { prepareKept } from './keep-page.ts';
import { readKeptPage } from './kept-pages.ts';
import { listPages } from './list-pages.ts';

/** Pages of queues are kept under this name in place of an entity type's: they are nobody's alone. */
const queueName = '@queue';
/** A queue has no cursors: what is in it is the window. */
export const queueWindow = { from: '', to: '' } as const;

const untouched: QueueProgress = { pages: 0, list: null, cursor: null, isDone: false };

/**
 * Reads the vendor's queues to their ends, from where the checkpoint stands. Each page is kept in the commit that moves the checkpoint, before
 * the next is asked for, which makes the vendor forget it. Without `keeps` what is read is let go.
 */
export async function emptyQueues(
  slice: Slice,
  entities: readonly Entity[],
  { keeps }: { readonly keeps: boolean },
): Promise<void> {
  let queue = slice.run.queue ?? untouched;
  if (queue.isDone) return;
  const queues = queuesOf(slice, entities);
  for (const [list, collection] of [...queues].slice(
    Math.max([...queues.keys()].indexOf(queue.list ?? ''), 0),
  )) {
    const cursor = list === queue.list ? queue.cursor : null;
    // It was read to its end.
    if (list === queue.list && cursor === null) continue;
    for await (const page of listPages(slice, collection, cursor, { position: list, isConsumed: true }))
      queue = await keepPage(slice, queue, page, list, keeps);
  }
  await putQueue(slice, { ...queue, isDone: true });
}

/** Notes that a queue cannot be read: until a run can, everything is fetched whole. */
export async function giveUpQueues(slice: Slice): Promise<void> {
  const { queue } = await readRun(slice.worker.store, slice.run.customerId, slice.run.runId);
  const next: QueueProgress = { ...(queue ?? untouched), isDone: true, isUnreadable: true };
  await commit(slice, (transaction) => updateRun(transaction, slice.run, { queue: next, feedFrom: null }));
}

/** What this run has kept of a queue, after page `after`. `positionOf` says how a checkpoint remembers a page. */
export async function* queuePages(
  slice: Slice,
  { collection }: DeltaList,
  after: number,
  positionOf: (page: number) => string,
): AsyncGenerator<FetchedPage> {
  const { customerId, runId } = slice.run;
  const scope = { customerId, runId, entityType: queueName };
  const { queue } = await readRun(slice.worker.store, customerId, runId);
  const wanted = digestOf(collection);
  for (let number = after + 1; number < (queue?.pages ?? 0); number++) {
    stopIfOver(slice);
    const page = await readKeptPage(slice, scope, number, () => collection);
    if (page.list === wanted) yield { ...page, position: positionOf(number) };
  }
}

/** The queues that tell of these entity types, each once, by their digests. */
function queuesOf(
  { vendor, connection }: Slice,
  entities: readonly Entity[],
): ReadonlyMap<string, Collection> {
  const lists = entities.flatMap(
    ({ entityType }) => vendor.feed?.since?.(entityType, queueWindow, connection) ?? [],
  );
  const queues = lists.filter(({ isConsumed }) => isConsumed === true);
  return new Map(queues.map(({ collection }) => [digestOf(collection), collection]));
}

async function keepPage(
  slice: Slice,
  before: QueueProgress,
  page: FetchedPage,
  list: string,
  keeps: boolean,
): Promise<QueueProgress> {
  const isKept = keeps && page.records.length > 0;
  const next = { ...before, list, cursor: page.cursor, pages: before.pages + (isKept ? 1 : 0) };
  const keep = isKept ? await prepareKept(slice, page) : undefined;
  const none = new Uint8Array();
  await commit(slice, (transaction) => {
    keep?.(transaction, { entityType: queueName }, before.pages, {
      seen: none,
      listed: null,
      gone: none,
      refused: [],
    });
    updateRun(transaction, slice.run, { queue: next });
  });
  return next;
}

async function putQueue(slice: Slice, queue: QueueProgress): Promise<void> {
  await commit(slice, (transaction) => updateRun(transaction, slice.run, { queue }));
}

/** Functions in it (of its paging) are taken for the same: they cut the same list into pages. */
export function digestOf(collection: Collection): string {
  return digestText(canonicalJson(JSON.parse(JSON.stringify(collection)) as JsonValue));
}
