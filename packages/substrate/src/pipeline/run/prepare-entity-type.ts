import { Failure, isRetryable, toFailure } from '../../failure/failure.ts';
import type { EntityType } from '../../model/entity-types.ts';
import { noCounts } from '../../report/run-counts.ts';
import { putRunEntityType, type RunEntityType, readRunEntityTypes } from '../../store/runs.ts';
import { clearStaged } from '../../store/staged-records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { readThrough } from '../../vendor/define-vendor.ts';
import { scopeOf } from '../fetch/begin-anew.ts';
import { type Fetched, fetchStage, hasTheirs } from '../fetch/fetch-stage.ts';
import { resumeFetched } from '../fetch/fetched-ids.ts';
import { doubtedTargets } from '../fetch/judge-references.ts';
import { compareStage } from '../plan/compare-stage.ts';
import { doubtAbsences } from '../plan/doubt-absences.ts';
import { planStage } from '../plan/plan-stage.ts';
import { recordFailure } from '../record-failure.ts';
import { commit, isoNow, type Slice, sliceOver } from '../slice.ts';
import { windowOf } from './feed.ts';

/**
 * Takes one entity type from its checkpoint to `planned`: fetched, verified, compared with what is stored, and counted; nothing is applied
 * yet. A failure that only concerns this entity type ends it as `failed`, or as `skipped` where the vendor does not offer it; all others
 * are thrown.
 */
export async function prepareEntityType(
  slice: Slice,
  entity: Entity,
  checkpoint: RunEntityType | undefined,
): Promise<RunEntityType> {
  let progress = checkpoint ?? (await beginEntityType(slice, entity));
  try {
    if (progress.stage === 'fetching' || progress.stage === 'comparing') {
      const fetched = await takeIn(slice, entity, progress);
      progress = await compareStage(slice, entity, fetched.progress, fetched.seen);
    }
    if (progress.stage === 'planning') progress = await planStage(slice, entity, progress);
    return progress;
  } catch (thrown) {
    if (thrown === sliceOver || concernsTheRun(thrown)) throw thrown;
    // What was committed since, which the stages did not come to hand over.
    progress = await readProgress(slice, progress);
    // First: once this entity type has ended, nobody looks at its evidence again.
    await doubtTargets(slice, progress);
    return await abandonEntityType(slice, entity, progress, thrown);
  }
}

/** Where records vanished that many of this set still point to, they are not called gone, nor is what was read of their lists. */
async function doubtTargets(slice: Slice, { entityType, evidence }: RunEntityType): Promise<void> {
  if (evidence === null) return;
  for (const target of doubtedTargets(entityType, evidence))
    for (const doubted of [target, ...readThrough(slice.vendor, target)])
      await doubtAbsences(slice, doubted, { target, namedBy: entityType as EntityType }, evidence);
}

async function readProgress({ worker, run }: Slice, { entityType }: RunEntityType): Promise<RunEntityType> {
  const all = await readRunEntityTypes(worker.store, run.customerId, run.runId);
  return all.get(entityType as EntityType) as RunEntityType;
}

/** The fetch, or what earlier slices know of it once it is done. */
async function takeIn(slice: Slice, entity: Entity, progress: RunEntityType): Promise<Fetched> {
  if (progress.stage === 'fetching') return await fetchStage(slice, entity, progress);
  return { progress, seen: (await resumeFetched(slice, scopeOf(progress), progress)).ids };
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

/** Notes that the run has come to an entity type. */
export async function beginEntityType(slice: Slice, entity: Entity): Promise<RunEntityType> {
  const progress = { ...firstProgress(slice, entity), window: await windowOf(slice, entity) };
  await commit(slice, (transaction) => putRunEntityType(transaction, progress));
  return progress;
}

/** How an entity type stands at its beginning. */
export function firstProgress(slice: Slice, entity: Entity): RunEntityType {
  const { customerId, runId } = slice.run;
  return {
    customerId,
    runId,
    entityType: entity.entityType,
    stage: 'fetching',
    window: null,
    cursor: null,
    pages: 0,
    restarts: [],
    evidence: null,
    position: null,
    counts: noCounts,
    fieldUpdates: {},
    stored: 0,
    plan: null,
    schools: {},
    batch: null,
    joins: {},
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
  // A provider need not have a gradebook. One that had, and answers 404 (or says so in its own words) now, is another matter.
  const { code, data } = toFailure(thrown);
  const isAbsent = data.status === 404 || code === 'not_found';
  if (isAbsent && progress.pages === 0 && !(await hasTheirs(slice, entity))) {
    const { customerId, integrationId } = slice.run;
    const failure = new Failure('not_found', 'The vendor does not offer these records', {
      data: { customerId, integrationId, entityType: entity.entityType },
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
