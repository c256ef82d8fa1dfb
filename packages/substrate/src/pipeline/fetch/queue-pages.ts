import { Failure } from '../../failure/failure.ts';
import { canonicalJson } from '../../json/canonical-json.ts';
import { digestText } from '../../json/digest.ts';
import type { JsonValue } from '../../json/json-value.ts';
import { readPageBody } from '../../store/pages.ts';
import { putQueuePage, type QueuePlace, readQueuePages } from '../../store/queue-pages.ts';
import { type FeedWindow, type QueueProgress, readRun, updateRun } from '../../store/runs.ts';
import type { Collection, Entity } from '../../vendor/define-entity.ts';
import type { DeltaList } from '../../vendor/feed.ts';
import { deltaLists } from '../../vendor/feed-lists.ts';
import { commit, type Slice, stopIfOver } from '../slice.ts';
import type { FetchedPage } from './fetched-page.ts';
import { prepareBody } from './keep-page.ts';
import { openKept } from './kept-pages.ts';
import { listPages } from './list-pages.ts';

/** What a vendor is asked with: a queue of its own has no cursors. */
export const queueWindow: FeedWindow = { from: '', to: '' };

const untouched: QueueProgress = { pages: 0, list: null, cursor: null, isDone: false };

/**
 * Reads the vendor's queues to their ends, from where the checkpoint stands. Each page is kept in the commit that moves the checkpoint, before
 * the next is asked for, which makes the vendor forget it: for this run, and for runs over other entity types. The run's place in the feed
 * is then behind the last of them.
 */
export async function emptyQueues(slice: Slice, entities: readonly Entity[]): Promise<void> {
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
      queue = await keepPage(slice, queue, page, list);
  }
  const feedCursor = placeToCursor({ token: slice.fence.token, page: queue.pages });
  await commit(slice, (transaction) =>
    updateRun(transaction, slice.run, { queue: { ...queue, isDone: true }, feedCursor }),
  );
}

/** Notes that a queue cannot be read: until a run can, everything is fetched whole. */
export async function giveUpQueues(slice: Slice): Promise<void> {
  const { queue } = await readRun(slice.worker.store, slice.run.customerId, slice.run.runId);
  const next: QueueProgress = { ...(queue ?? untouched), isDone: true, isUnreadable: true };
  await commit(slice, (transaction) => updateRun(transaction, slice.run, { queue: next, feedFrom: null }));
}

/** What is kept of a queue in this window, behind `after`. `positionOf` says how a checkpoint remembers a page. */
export async function* queuePages(
  slice: Slice,
  { collection }: DeltaList,
  window: FeedWindow,
  after: QueuePlace | undefined,
  positionOf: (place: QueuePlace) => string,
): AsyncGenerator<FetchedPage> {
  const { store } = slice.worker;
  const from = after === undefined ? placeIn(window.from) : { ...after, page: after.page + 1 };
  const wanted = digestOf(collection);
  for (const row of await readQueuePages(store, slice.run, from, placeIn(window.to))) {
    stopIfOver(slice);
    if (row.list !== wanted) continue;
    const { token, page } = row;
    const compressed = await readPageBody(store, row);
    if (compressed === undefined)
      throw new Failure('internal', 'A page of a queue is not kept any more', { data: { token, page } });
    yield { ...(await openKept({ ...row, compressed }, collection)), position: positionOf({ token, page }) };
  }
}

/** The queues that tell of these entity types, each once, by their digests. */
export function queuesOf(
  { vendor, connection }: Slice,
  entities: readonly Entity[],
): ReadonlyMap<string, Collection> {
  const lists = entities.flatMap((entity) => deltaLists(vendor, entity, queueWindow, connection) ?? []);
  const queues = lists.filter(({ isConsumed }) => isConsumed === true);
  return new Map(queues.map(({ collection }) => [digestOf(collection), collection]));
}

async function keepPage(
  slice: Slice,
  before: QueueProgress,
  { body, contentType, records, cursor }: FetchedPage,
  list: string,
): Promise<QueueProgress> {
  const { customerId, integrationId } = slice.run;
  const kept = records.length > 0 ? await prepareBody(slice, body) : undefined;
  const next = { ...before, list, cursor, pages: before.pages + (kept === undefined ? 0 : 1) };
  await commit(slice, (transaction) => {
    kept?.write(transaction);
    if (kept !== undefined) {
      const place = { token: slice.fence.token, page: before.pages };
      const { digest, expiresAt } = kept;
      putQueuePage(transaction, {
        ...place,
        customerId,
        integrationId,
        list,
        digest,
        contentType,
        expiresAt,
      });
    }
    updateRun(transaction, slice.run, { queue: next });
  });
  return next;
}

/** Functions in it (of its paging) are taken for the same: they cut the same list into pages. */
export function digestOf(collection: Collection): string {
  return digestText(canonicalJson(JSON.parse(JSON.stringify(collection)) as JsonValue));
}

function placeToCursor({ token, page }: QueuePlace): string {
  return `${token}.${page}`;
}

/** Pure. The place that a cursor of ours means. */
export function placeIn(cursor: string): QueuePlace {
  const [token = 0, page = 0] = cursor.split('.').map(Number);
  return { token, page };
}
