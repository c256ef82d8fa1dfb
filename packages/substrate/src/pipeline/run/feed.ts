import { digestJson } from '../../json/digest.ts';
import { listOpenConflicts } from '../../store/conflicts.ts';
import { type Feed, putFeed, readFeed } from '../../store/feeds.ts';
import { hasEditedRecords } from '../../store/records.ts';
import { type RunEntityType, readRun, updateRun } from '../../store/runs.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { commit, isoNow, type Slice } from '../slice.ts';

/**
 * Whether the vendor's event feed says that nothing has happened since everything was last in step. Notes where the feed stood when the run
 * began: what happens while it reads is new to the next one.
 */
export async function isFeedUnchanged(slice: Slice, entities: readonly Entity[]): Promise<boolean> {
  const { vendor, client, connection, run, worker } = slice;
  if (vendor.feed === undefined || run.isDryRun) return false;
  const { path, query } = vendor.feed.latest(connection);
  const answer = await client.request({ path, ...(query === undefined ? {} : { query }) });
  const cursor = vendor.feed.cursorIn(answer.json());
  if (cursor === undefined) return false;
  const { customerId, integrationId } = run;
  const reached = await readFeed(worker.store, customerId, integrationId);
  if (reached?.cursor === cursor && reached.choicesDigest === choicesOf(slice, entities))
    return !(await hasOwnNews(slice));
  await commit(slice, (transaction) => updateRun(transaction, run, { feedCursor: cursor }));
  return false;
}

/** Remembers how far the feed is followed, once the run has brought everything in step. */
export async function rememberFeed(
  slice: Slice,
  entities: readonly Entity[],
  progress: Iterable<RunEntityType>,
): Promise<void> {
  const { run, worker } = slice;
  const { customerId, integrationId, runId } = run;
  if ([...progress].some(({ failure, counts }) => failure !== null || counts.pushFailed > 0)) return;
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

/** What we have to bring to the vendor, or to decide, needs a run though the vendor has no news. */
async function hasOwnNews({ worker, run }: Slice): Promise<boolean> {
  const { customerId, integrationId } = run;
  if (await hasEditedRecords(worker.store, customerId, integrationId)) return true;
  const conflicts = await listOpenConflicts(worker.store, customerId, undefined, 1_000);
  return conflicts.some((one) => one.integrationId === integrationId && one.state === 'decided');
}

/** A feed that is followed for some entity types, or under other choices, says nothing about the others. */
function choicesOf(slice: Slice, entities: readonly Entity[]): string {
  return digestJson(entities.map((entity) => [entity.entityType, slice.mergeOf(entity).choicesDigest]));
}
