import { toFailure } from '../../failure/failure.ts';
import { digestJson } from '../../json/digest.ts';
import type { JsonValue } from '../../json/json-value.ts';
import { areReferencesVerified } from '../../settings/integration-settings.ts';
import { listOpenConflictsOf, type StoredConflict } from '../../store/conflicts.ts';
import { type Feed, putFeed, readFeed } from '../../store/feeds.ts';
import { readMergeStates } from '../../store/merge-states.ts';
import { hasEditedRecords } from '../../store/records.ts';
import { type FeedWindow, type Run, type RunEntityType, readRun, updateRun } from '../../store/runs.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { commit, isoNow, type Slice, stopIfOver } from '../slice.ts';
import { isNotOffered } from './finish-run.ts';
import { readQueues } from './read-queues.ts';

const conflictsPage = 500;
const dayMs = 24 * 60 * 60_000;
/** Cursors remembered: no vendor asks for more overlap. */
const mostEarlier = 4;

/**
 * Whether the vendor's event feed says that nothing has happened since everything was last in step. Notes where the feed stood when the run
 * began: what happens while it reads is new to the next one. A queue is emptied: what a run over everything is about to fetch whole is
 * no news any more, and else its pages are what is fetched.
 */
export async function isFeedUnchanged(slice: Slice, entities: readonly Entity[]): Promise<boolean> {
  const { run, vendor } = slice;
  if (run.isDryRun || vendor.feed === undefined) return false;
  const isQueue = vendor.feed.latest === undefined;
  // What such a run does not look at would be read away as well.
  if (isQueue && !isAboutEverything(slice, entities)) return false;
  // What an earlier slice has found stays so.
  const begun = run.feedCursor === null ? await beginFeed(slice, entities) : run;
  if (begun === 'unchanged') return true;
  if (isQueue && begun !== undefined) await readQueues(slice, entities, { keeps: begun.feedFrom !== null });
  return false;
}

/** Undefined where the feed says nothing: then everything is read. */
async function beginFeed(
  slice: Slice,
  entities: readonly Entity[],
): Promise<Pick<Run, 'feedFrom'> | 'unchanged' | undefined> {
  const { run, worker, vendor } = slice;
  const latest = await latestEvent(slice);
  if (latest === undefined) return undefined;
  const { cursor } = latest;
  const reached = await readFeed(worker.store, scopeOf(slice, entities));
  const isFollowed = reached?.choicesDigest === choicesOf(slice, entities);
  const isCovered = entities.every(
    ({ entityType, isOffered }) =>
      vendor.feed?.covers?.(entityType) !== false || isOffered?.(slice.connection) === false,
  );
  const isUnchanged = vendor.feed?.latest !== undefined && reached?.cursor === cursor && isFollowed;
  if (isUnchanged && isCovered && !run.isFull && !(await hasOwnNews(slice, entities))) return 'unchanged';
  const feedFrom = reached !== undefined && isFollowed ? windowStart(slice, reached, latest) : null;
  await commit(slice, (transaction) => {
    updateRun(transaction, run, { feedCursor: cursor, feedFrom });
    if (reached !== undefined) putFeed(transaction, { ...reached, openRunId: run.runId });
  });
  return { feedFrom };
}

function isAboutEverything({ vendor, settings }: Slice, entities: readonly Entity[]): boolean {
  return vendor.entities.every(
    (entity) => settings.disabledEntityTypes.includes(entity.entityType) || entities.includes(entity),
  );
}

/** Where the window begins in which only what changed is fetched; null: everything is fetched whole. */
function windowStart(slice: Slice, reached: Feed, { answer }: LatestEvent): string | null {
  const { vendor, run, worker, settings } = slice;
  const { since, isTooOld, overlap = 0, keptDays } = vendor.feed ?? {};
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
  { entityType }: Entity,
): Promise<FeedWindow | null> {
  const { feedFrom: from, feedCursor: to } = await readRun(worker.store, run.customerId, run.runId);
  if (from === null || to === null) return null;
  const window = { from, to };
  return vendor.feed?.since?.(entityType, window, connection) === undefined ? null : window;
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
  const scope = scopeOf(slice, entities);
  const before = await readFeed(worker.store, scope);
  const earlier = before === undefined ? [] : [before.cursor, ...before.earlier].slice(0, mostEarlier);
  const feed: Feed = {
    ...scope,
    cursor,
    earlier,
    choicesDigest: choicesOf(slice, entities),
    reachedAt: isoNow(slice),
    runId,
    wholeAt: feedFrom === null || before === undefined ? (startedAt ?? isoNow(slice)) : before.wholeAt,
    openRunId: all.some(hasLooseEnds) ? runId : null,
  };
  await commit(slice, (transaction) => putFeed(transaction, feed));
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

function scopeOf(
  { run, vendor }: Slice,
  entities: readonly Entity[],
): Pick<Feed, 'customerId' | 'integrationId' | 'scope'> {
  const { customerId, integrationId } = run;
  // A queue is one, whoever reads it: what was read away for some entity types is gone for all.
  const isQueue = vendor.feed?.latest === undefined;
  const scope = isQueue ? 'queue' : digestJson(entities.map(({ entityType }) => entityType));
  return { customerId, integrationId, scope };
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
