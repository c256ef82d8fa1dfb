import { Failure, isRetryable, toFailure } from '../../failure/failure.ts';
import { noCounts } from '../../report/run-counts.ts';
import { scanRecordIds } from '../../store/records.ts';
import { putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import { clearStaged } from '../../store/staged-records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { deleteStage } from './delete-stage.ts';
import { fetchStage, resumeSeen } from '../fetch/fetch-stage.ts';
import { mergeStage } from './merge-stage.ts';
import { recordFailure } from '../record-failure.ts';
import { commit, isoNow, type Slice, sliceOver } from '../slice.ts';

/**
 * Takes one entity type from its checkpoint to its end: fetch, verify, merge, delete. A failure that only concerns this entity type ends it
 * as `failed`, or as `skipped` where the vendor does not offer it; all others are thrown.
 */
export async function syncEntityType(
  slice: Slice,
  entity: Entity,
  checkpoint: RunEntityType | undefined,
): Promise<RunEntityType> {
  let progress = checkpoint ?? (await beginEntityType(slice, entity));
  try {
    let seen = progress.stage === 'fetching' ? undefined : await resumeSeen(slice, entity);
    if (seen === undefined) ({ progress, seen } = await fetchStage(slice, entity, progress));
    if (progress.stage === 'merging') progress = await mergeStage(slice, entity, progress);
    return await deleteStage(slice, entity, progress, seen);
  } catch (thrown) {
    if (thrown === sliceOver || concernsTheRun(thrown)) throw thrown;
    return await abandonEntityType(slice, entity, progress, thrown);
  }
}

/** Ends an entity type whose requirements failed. */
export async function skipEntityType(slice: Slice, entity: Entity, failure: unknown): Promise<RunEntityType> {
  const progress = { ...firstProgress(slice, entity), failure: recordFailure(failure) };
  return await endEntityType(slice, progress, 'skipped');
}

/** What another entity type would meet as well, or what a retry may mend, is not this entity type's own. */
function concernsTheRun(thrown: unknown): boolean {
  const failure = toFailure(thrown);
  // Whatever the token endpoint answers, it answers to every list.
  if (failure.data.step === 'token') return true;
  if (failure.code === 'incomplete_fetch') return false;
  // 403: these credentials may read other collections, though not this one (demographics need a scope of their own).
  if (failure.code === 'credentials_rejected') return failure.data.status !== 403;
  return isRetryable(failure) || runWideCodes.has(failure.code);
}

const runWideCodes: ReadonlySet<string> = new Set(['credentials_corrupt', 'config_invalid', 'lease_lost']);

async function beginEntityType(slice: Slice, entity: Entity): Promise<RunEntityType> {
  const progress = firstProgress(slice, entity);
  await commit(slice, (transaction) => putRunEntityType(transaction, progress));
  return progress;
}

function firstProgress(slice: Slice, entity: Entity): RunEntityType {
  const { customerId, runId } = slice.run;
  return {
    customerId,
    runId,
    entityType: entity.entityType,
    stage: 'fetching',
    cursor: null,
    pages: 0,
    evidence: null,
    position: null,
    counts: noCounts,
    failure: null,
    startedAt: isoNow(slice),
    finishedAt: null,
  };
}

async function abandonEntityType(
  slice: Slice,
  entity: Entity,
  progress: RunEntityType,
  thrown: unknown,
): Promise<RunEntityType> {
  const { customerId, integrationId } = slice.run;
  const scope = { customerId, integrationId, entityType: entity.entityType };
  const [stored] = await scanRecordIds(slice.worker.store, scope, null, 1);
  // A provider need not have a gradebook. One that had, and answers 404 now, is another matter.
  if (toFailure(thrown).data.status === 404 && progress.pages === 0 && stored === undefined) {
    const failure = new Failure('not_found', 'The vendor does not offer these records', {
      data: { ...scope },
    });
    return await endEntityType(slice, { ...progress, failure: recordFailure(failure) }, 'skipped');
  }
  return await endEntityType(slice, { ...progress, failure: recordFailure(thrown) }, 'failed');
}

async function endEntityType(
  slice: Slice,
  progress: RunEntityType,
  stage: 'failed' | 'skipped',
): Promise<RunEntityType> {
  const { customerId, runId, entityType } = progress;
  const ended: RunEntityType = { ...progress, stage, finishedAt: isoNow(slice) };
  await commit(slice, (transaction) => {
    clearStaged(transaction, { customerId, runId, entityType });
    putRunEntityType(transaction, ended);
  });
  return ended;
}
