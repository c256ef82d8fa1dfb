import { toFailure } from '../../failure/failure.ts';
import { digestJson } from '../../json/digest.ts';
import { areReferencesVerified } from '../../settings/integration-settings.ts';
import { listOpenConflictsOf, type StoredConflict } from '../../store/conflicts.ts';
import { type Feed, putFeed, readFeed } from '../../store/feeds.ts';
import { readMergeStates } from '../../store/merge-states.ts';
import { hasEditedRecords } from '../../store/records.ts';
import { type RunEntityType, readRun, updateRun } from '../../store/runs.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { commit, isoNow, type Slice, stopIfOver } from '../slice.ts';
import { isNotOffered } from './finish-run.ts';

const conflictsPage = 500;

/**
 * Whether the vendor's event feed says that nothing has happened since everything was last in step. Notes where the feed stood when the run
 * began: what happens while it reads is new to the next one.
 */
export async function isFeedUnchanged(slice: Slice, entities: readonly Entity[]): Promise<boolean> {
  const { run, worker } = slice;
  const cursor = run.isDryRun ? undefined : await latestEvent(slice);
  if (cursor === undefined) return false;
  const { customerId, integrationId } = run;
  const reached = await readFeed(worker.store, customerId, integrationId);
  if (reached?.cursor === cursor && reached.choicesDigest === choicesOf(slice, entities))
    return !(await hasOwnNews(slice, entities));
  await commit(slice, (transaction) => updateRun(transaction, run, { feedCursor: cursor }));
  return false;
}

/** Undefined where there is no feed, or it says nothing: then everything is read. */
async function latestEvent(slice: Slice): Promise<string | undefined> {
  const { vendor, client, connection, worker } = slice;
  if (vendor.feed === undefined) return undefined;
  const { path, query } = vendor.feed.latest(connection);
  try {
    const answer = await client.request({ path, ...(query === undefined ? {} : { query }) });
    return vendor.feed.cursorIn(answer.json());
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
  const { customerId, integrationId, runId } = run;
  if (![...progress].every(isInStep)) return;
  // The run may have begun in another slice.
  const { feedCursor: cursor } = await readRun(worker.store, customerId, runId);
  if (cursor === null) return;
  const feed: Feed = {
    customerId,
    integrationId,
    cursor,
    choicesDigest: choicesOf(slice, entities),
    reachedAt: isoNow(slice),
    runId,
  };
  await commit(slice, (transaction) => putFeed(transaction, feed));
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
