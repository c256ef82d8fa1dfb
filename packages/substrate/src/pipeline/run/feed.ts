import { toFailure } from '../../failure/failure.ts';
import { digestJson } from '../../json/digest.ts';
import type { JsonValue } from '../../json/json-value.ts';
import { areReferencesVerified } from '../../settings/integration-settings.ts';
import { listOpenConflictsOf, type StoredConflict } from '../../store/conflicts.ts';
import { type Feed, putFeed, readFeed } from '../../store/feeds.ts';
import { readMergeStates } from '../../store/merge-states.ts';
import { compareQueuePlaces } from '../../store/queue-pages.ts';
import { hasEditedRecords } from '../../store/records.ts';
import { type FeedWindow, type RunEntityType, readRun, updateRun } from '../../store/runs.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { Vendor } from '../../vendor/define-vendor.ts';
import { deltaLists } from '../../vendor/feed-lists.ts';
import { placeIn, queuesOf } from '../fetch/queue-pages.ts';
import { commit, isoNow, type Slice, stopIfOver } from '../slice.ts';
import { isNotOffered } from './finish-run.ts';
import { readQueues } from './read-queues.ts';

const conflictsPage = 500;
const dayMs = 24 * 60 * 60_000;
/** Cursors remembered: no vendor asks for more overlap. */
const mostEarlier = 4;
/** So long is certainly kept what was read away. */
const queueDays = 14;

/**
 * Whether the vendor's event feed says that nothing has happened since everything was last in step. Notes where the feed stood when the run
 * began: what happens while it reads is new to the next one. A queue is emptied: its pages are what is fetched, or, where that is everything,
 * are no news any more. Those about other entity types are kept for the runs over them.
 */
export async function isFeedUnchanged(slice: Slice, entities: readonly Entity[]): Promise<boolean> {
  const { run, vendor } = slice;
  if (run.isDryRun || vendor.feed === undefined) return false;
  const isQueue = isQueueOf(vendor);
  // It tells nothing that this run is about.
  if (isQueue && queuesOf(slice, entities).size === 0) return false;
  // What an earlier slice has found stays so.
  if (run.feedCursor === null && (await beginFeed(slice, entities)) === 'unchanged') return true;
  if (isQueue) await readQueues(slice, entities);
  return false;
}

async function beginFeed(slice: Slice, entities: readonly Entity[]): Promise<'unchanged' | undefined> {
  const { run, vendor } = slice;
  const latest = await latestEvent(slice);
  // The feed says nothing: then everything is read.
  if (latest === undefined) return undefined;
  const { cursor } = latest;
  const followed = await readFollowed(slice, entities);
  const [first] = followed;
  const isFollowed = followed.every(({ reached, choicesDigest }) => reached?.choicesDigest === choicesDigest);
  const isCovered = entities.every(
    ({ entityType, isOffered }) =>
      vendor.feed?.covers?.(entityType) !== false || isOffered?.(slice.connection) === false,
  );
  const isUnchanged = !isQueueOf(vendor) && first?.reached?.cursor === cursor && isFollowed;
  if (isUnchanged && isCovered && !run.isFull && !(await hasOwnNews(slice, entities))) return 'unchanged';
  const reached = followed.flatMap((each) => (each.reached === undefined ? [] : [each.reached]));
  const feedFrom = isFollowed ? earliestStart(slice, reached, latest) : null;
  await commit(slice, (transaction) => {
    updateRun(transaction, run, { feedCursor: cursor, feedFrom });
    for (const feed of reached) putFeed(transaction, { ...feed, openRunId: run.runId });
  });
  return undefined;
}

/** Of several entity types the one that is furthest back: what the others are told again is as they have it. */
function earliestStart(slice: Slice, reached: readonly Feed[], latest: LatestEvent): string | null {
  const starts = reached.map((feed) => windowStart(slice, feed, latest));
  if (starts.includes(null)) return null;
  const cursors = starts.filter((start) => start !== null);
  return cursors.toSorted((a, b) => compareQueuePlaces(placeIn(a), placeIn(b)))[0] ?? null;
}

/** Where the window begins in which only what changed is fetched; null: everything is fetched whole. */
function windowStart(slice: Slice, reached: Feed, { answer }: LatestEvent): string | null {
  const { vendor, run, worker, settings } = slice;
  const { since, isTooOld, overlap = 0 } = vendor.feed ?? {};
  const keptDays = isQueueOf(vendor)
    ? Math.min(vendor.feed?.keptDays ?? queueDays, queueDays)
    : vendor.feed?.keptDays;
  const from = [reached.cursor, ...reached.earlier].slice(0, overlap + 1).at(-1) ?? reached.cursor;
  const isUndone = reached.openRunId !== null && reached.openRunId !== run.runId;
  const wholeAgo = worker.clock.now() - Date.parse(reached.wholeAt);
  const isDue = wholeAgo >= settings.fullSyncEveryDays * dayMs;
  const reachedAgo = worker.clock.now() - Date.parse(reached.reachedAt);
  const isForgotten = keptDays !== undefined && reachedAgo >= keptDays * dayMs;
  if (
    since === undefined ||
    run.isFull ||
    isUndone ||
    isDue ||
    isForgotten ||
    isTooOld?.(from, answer) === true
  )
    return null;
  return from;
}

/** What is fetched of an entity type: null for the whole set, else what the vendor tells of this window. */
export async function windowOf(
  { worker, run, vendor, connection }: Slice,
  entity: Entity,
): Promise<FeedWindow | null> {
  // What changed in the other lists that say of the records, the feed does not tell of the records.
  if (entity.joins !== undefined) return null;
  const { feedFrom: from, feedCursor: to } = await readRun(worker.store, run.customerId, run.runId);
  if (from === null || to === null) return null;
  const window = { from, to };
  return deltaLists(vendor, entity, window, connection) === undefined ? null : window;
}

interface LatestEvent {
  readonly cursor: string;
  readonly answer: JsonValue;
}

/** Undefined where there is no feed, or it says nothing: then everything is read. */
async function latestEvent(slice: Slice): Promise<LatestEvent | undefined> {
  const { vendor, client, connection, worker } = slice;
  if (vendor.feed === undefined) return undefined;
  const { latest, cursorIn } = vendor.feed;
  // How far it goes is known once it is empty.
  if (latest === undefined || cursorIn === undefined) return { cursor: '', answer: null };
  const { path, query } = latest(connection);
  try {
    const response = await client.request({ path, ...(query === undefined ? {} : { query }) });
    const answer = response.json();
    const cursor = cursorIn(answer);
    return cursor === undefined ? undefined : { cursor, answer };
  } catch (thrown) {
    stopIfOver(slice);
    if (meetsEveryRequest.has(toFailure(thrown).code)) throw thrown;
    // A feed spares a sync; without one a sync is as good as ever.
    worker.log.warn("The vendor's event feed could not be read", { error: thrown });
    return undefined;
  }
}

/** What the lists would answer as well. */
const meetsEveryRequest: ReadonlySet<string> = new Set([
  'rate_limited',
  'config_invalid',
  'credentials_corrupt',
]);

/** Remembers how far the feed is followed, once the run has brought everything in step. */
export async function rememberFeed(
  slice: Slice,
  entities: readonly Entity[],
  progress: Iterable<RunEntityType>,
): Promise<void> {
  const { run, worker } = slice;
  const { customerId, runId } = run;
  const all = [...progress];
  if (!all.every(isInStep)) return;
  // The run may have begun in another slice.
  const { feedCursor: cursor, feedFrom, startedAt, queue } = await readRun(worker.store, customerId, runId);
  if (cursor === null || queue?.isUnreadable === true) return;
  const feeds = (await readFollowed(slice, entities)).map(
    ({ reached: before, ...scope }): Feed => ({
      ...scope,
      cursor,
      earlier: before === undefined ? [] : [before.cursor, ...before.earlier].slice(0, mostEarlier),
      reachedAt: isoNow(slice),
      runId,
      wholeAt: feedFrom === null || before === undefined ? (startedAt ?? isoNow(slice)) : before.wholeAt,
      openRunId: all.some(hasLooseEnds) ? runId : null,
    }),
  );
  await commit(slice, (transaction) => {
    for (const feed of feeds) putFeed(transaction, feed);
  });
}

/** Records left out for what they point to: should that come, they are to be read again, though the vendor has no news of them. */
function hasLooseEnds({ evidence }: RunEntityType): boolean {
  return evidence?.broken !== undefined;
}

function isInStep(progress: RunEntityType): boolean {
  return (progress.failure === null || isNotOffered(progress)) && progress.counts.pushFailed === 0;
}

/** What we have to bring to the vendor, or to look at again, needs a run though the vendor has no news. */
async function hasOwnNews(slice: Slice, entities: readonly Entity[]): Promise<boolean> {
  const { customerId, integrationId } = slice.run;
  const { store } = slice.worker;
  const mergedUnder = await readMergeStates(store, customerId, integrationId);
  for (const entity of entities) {
    const { entityType } = entity;
    const { isPushed, choicesDigest } = slice.mergeOf(entity);
    // Edited since, or last merged under other choices. One that the vendor does not offer never was.
    if ((mergedUnder.get(entityType) ?? choicesDigest) !== choicesDigest) return true;
    const scope = { customerId, integrationId, entityType };
    if (isPushed && (await hasEditedRecords(store, scope))) return true;
  }
  return await hasDecidedConflict(slice);
}

async function hasDecidedConflict({ worker, run }: Slice): Promise<boolean> {
  const { customerId, integrationId } = run;
  let after: StoredConflict | undefined;
  for (;;) {
    const page: Awaited<ReturnType<typeof listOpenConflictsOf>> = await listOpenConflictsOf(
      worker.store,
      { customerId, integrationId },
      after,
      conflictsPage,
    );
    if (page.some(({ state }) => state === 'decided')) return true;
    after = page.at(-1);
    if (page.length < conflictsPage) return false;
  }
}

interface Followed extends Pick<Feed, 'customerId' | 'integrationId' | 'scope' | 'choicesDigest'> {
  /** How far the feed was followed before; undefined: never. */
  readonly reached: Feed | undefined;
}

/**
 * What is followed by itself: the entity types of the run together, or of a queue each that it tells of. There runs over some entity types and
 * runs over all of them go on from one another.
 */
async function readFollowed(slice: Slice, entities: readonly Entity[]): Promise<readonly Followed[]> {
  const { worker, run, vendor } = slice;
  const { customerId, integrationId } = run;
  const scopes = isQueueOf(vendor)
    ? entities
        .filter((entity) => queuesOf(slice, [entity]).size > 0)
        .map((entity) => ({ scope: entity.entityType as string, choicesDigest: choicesOf(slice, [entity]) }))
    : [
        {
          scope: digestJson(entities.map(({ entityType }) => entityType)),
          choicesDigest: choicesOf(slice, entities),
        },
      ];
  return await Promise.all(
    scopes.map(async (each) => {
      const key = { customerId, integrationId, scope: each.scope };
      return { ...key, ...each, reached: await readFeed(worker.store, key) };
    }),
  );
}

/** Whether the vendor has a queue that is read away, in place of a feed that names its latest event. */
function isQueueOf({ feed }: Vendor): boolean {
  return feed !== undefined && feed.latest === undefined;
}

/** A feed that is followed for some entity types, or under other choices, says nothing about the others. */
function choicesOf(slice: Slice, entities: readonly Entity[]): string {
  return digestJson(
    entities.map((entity) => [
      entity.entityType,
      slice.mergeOf(entity).choicesDigest,
      areReferencesVerified(slice.settings, entity.entityType),
    ]),
  );
}
