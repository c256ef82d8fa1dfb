import { Failure, isFailure } from '../../failure/failure.ts';
import type { RecordedFailure } from '../../report/recorded-failure.ts';
import { scanJoined } from '../../store/joined.ts';
import { clearQuarantined } from '../../store/quarantine.ts';
import { putRunEntityType, type RunEntityType, readRunEntityTypes } from '../../store/runs.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { recordFailure } from '../record-failure.ts';
import { isNotOffered } from '../run/finish-run.ts';
import { commit, type Slice } from '../slice.ts';
import { restartsOf } from './begin-anew.ts';
import { resumeFetched } from './fetched-ids.ts';
import { forgetUnsaid } from './forget-unsaid.ts';
import { type JoinList, joinLists, progressOf, withProgress } from './join-list.ts';
import { judgeLists } from './judge-lists.ts';
import { noEvidence, withEnd } from './list-evidence.ts';
import { type OpenedPages, openPages } from './open-pages.ts';
import { stageJoined } from './stage-joined.ts';
import { isAbsence } from './within-pages.ts';

/**
 * Reads the lists that say more of an entity type's records (`Entity.joins`), each to its end, from where the checkpoint stands. What they say
 * is kept; what they do not say any more is forgotten where the list proves to be whole.
 */
export async function joinStage(slice: Slice, entity: Entity, start: RunEntityType): Promise<RunEntityType> {
  let progress = start;
  for (const list of joinLists(slice, entity)) {
    if (!progressOf(progress, list).isDone) progress = await readList(slice, entity, list, progress);
  }
  return progress;
}

/** Records of such lists that were left out. */
export function countRefused({ joins }: RunEntityType): number {
  return Object.values(joins).reduce((sum, { refused }) => sum + refused, 0);
}

/** Why such a list is not proven to be whole, if one is not: then what is said of the records may be old. */
export function findJoinFailure({ joins }: RunEntityType): RecordedFailure | null {
  return Object.values(joins).find(({ failure }) => failure !== null)?.failure ?? null;
}

async function readList(
  slice: Slice,
  entity: Entity,
  list: JoinList,
  start: RunEntityType,
): Promise<RunEntityType> {
  let progress = start;
  if (await isWithheld(slice, list)) return await commitProgress(slice, progress, list, { isDone: true });
  for (;;) {
    try {
      return await readOnce(slice, entity, list, progress);
    } catch (thrown) {
      if (isFailure(thrown, 'cursor_expired')) progress = await beginListAnew(slice, entity, list, thrown);
      else if (isAbsence(thrown)) return await passOverAbsent(slice, entity, list, thrown);
      else throw thrown;
    }
  }
}

async function readOnce(
  slice: Slice,
  entity: Entity,
  list: JoinList,
  start: RunEntityType,
): Promise<RunEntityType> {
  const before = progressOf(start, list);
  const fetched = await resumeFetched(slice, list.pages, before);
  const opened = await openPages(slice, list.listed, before);
  let progress = start;
  if (before.evidence?.endMarker === undefined) {
    for await (const page of opened.pages()) {
      progress =
        'vanished' in page
          ? await passOverVanished(slice, list, progress, page.vanished)
          : await stageJoined(slice, entity, list, progress, fetched, page, opened.lister);
    }
  }
  const read = progressOf(progress, list);
  const evidence = withEnd(read.evidence, opened.end);
  const verdict = await judge(slice, list, { ...read, evidence }, opened);
  if (verdict.kind === 'complete') await forgetUnsaid(slice, list, fetched.ids);
  const failure = verdict.kind === 'complete' ? null : recordFailure(verdict.failure);
  return await commitProgress(slice, progress, list, { evidence, isDone: true, failure });
}

async function judge(
  slice: Slice,
  list: JoinList,
  read: Parameters<typeof judgeLists>[2],
  { source }: OpenedPages,
): ReturnType<typeof judgeLists> {
  return await judgeLists(slice, list.pages, read, source, await isStored(slice, list));
}

/** As of an entity type's own lists: a parent is not there any more. */
function passOverVanished(
  slice: Slice,
  list: JoinList,
  progress: RunEntityType,
  position: string,
): Promise<RunEntityType> {
  const before = progressOf(progress, list).evidence ?? noEvidence;
  const evidence = { ...before, isUnsteady: true as const };
  return commitProgress(slice, progress, list, { cursor: null, position, evidence });
}

/** The vendor has forgotten the cursor with which the list was to go on. What it said stays until it says otherwise. */
async function beginListAnew(
  slice: Slice,
  { entityType }: Entity,
  list: JoinList,
  expired: Failure,
): Promise<RunEntityType> {
  const progress = await readProgress(slice, entityType);
  const restarts = restartsOf(progressOf(progress, list), expired);
  const next = withProgress(progress, list, {
    position: null,
    cursor: null,
    evidence: null,
    refused: 0,
    restarts,
  });
  await commit(slice, (transaction) => {
    clearQuarantined(transaction, slice.run, list.pages.entityType);
    putRunEntityType(transaction, next);
  });
  return next;
}

/** A vendor need not have such a list, as it need not have a gradebook. One that had, and answers 404 now, is another matter. */
async function passOverAbsent(
  slice: Slice,
  { entityType }: Entity,
  list: JoinList,
  thrown: unknown,
): Promise<RunEntityType> {
  const progress = await readProgress(slice, entityType);
  if (progressOf(progress, list).pages > 0 || (await isStored(slice, list))) {
    // Without the status: it would be taken for that of the records' own list.
    throw new Failure('verification_failed', 'A list that says more of these records is not there any more', {
      data: { entityType, list: list.name },
      cause: thrown,
    });
  }
  slice.worker.log.warn('The vendor does not have a list that says more of its records', {
    entityType,
    list: list.name,
  });
  return await commitProgress(slice, progress, list, { isDone: true });
}

/** Whether it is known already that there is no list to be read. */
async function isWithheld({ vendor, worker, run, connection }: Slice, { join }: JoinList): Promise<boolean> {
  const source = vendor.entities.find(({ entityType }) => entityType === join.from);
  if (source === undefined) return false;
  const progress = await readRunEntityTypes(worker.store, run.customerId, run.runId);
  const found = progress.get(source.entityType);
  return source.isOffered?.(connection) === false || (found !== undefined && isNotOffered(found));
}

async function isStored({ worker }: Slice, { scope }: JoinList): Promise<boolean> {
  return (await scanJoined(worker.store, scope, null, 1)).length > 0;
}

async function readProgress(
  { worker, run }: Slice,
  entityType: Entity['entityType'],
): Promise<RunEntityType> {
  const all = await readRunEntityTypes(worker.store, run.customerId, run.runId);
  return all.get(entityType) as RunEntityType;
}

async function commitProgress(
  slice: Slice,
  progress: RunEntityType,
  list: JoinList,
  changed: Parameters<typeof withProgress>[2],
): Promise<RunEntityType> {
  const next = withProgress(progress, list, changed);
  await commit(slice, (transaction) => putRunEntityType(transaction, next));
  return next;
}
