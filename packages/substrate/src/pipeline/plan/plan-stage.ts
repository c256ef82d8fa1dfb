import { schoolsOf } from '../../model/schools.ts';
import { scanRecords } from '../../store/records.ts';
import { putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import { scanStaged } from '../../store/staged-records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { commit, type Slice, stopIfOver } from '../slice.ts';
import { effectiveSides } from './effective-lines.ts';
import { type MergedRecord, mergeStaged } from './merge-staged.ts';
import { canExceed, countPlan, emptyPlan, judgePlan } from './plan-counts.ts';

/** Records merged at a time. */
const chunkSize = 500;

/**
 * Counts what the merge would do, and judges it by the safety limits. Where a first sync or so little was staged that no limit can be
 * exceeded, the merge is spared until it is applied.
 */
export async function planStage(slice: Slice, entity: Entity, start: RunEntityType): Promise<RunEntityType> {
  const { entityType } = entity;
  let progress: RunEntityType = start;
  if (await isWorthPlanning(slice, entity, start)) {
    progress = { ...progress, plan: progress.plan ?? emptyPlan };
    for await (const { merged, position } of mergeAll(slice, entity, progress.position)) {
      const plan = countPlan(progress.plan ?? emptyPlan, entity, merged, effectiveSides(slice, entity));
      progress = { ...progress, plan, position };
      await commit(slice, (transaction) => putRunEntityType(transaction, progress));
    }
  }
  const exceeded =
    progress.plan === null
      ? []
      : judgePlan(progress.plan, entityType, slice.settings.limits, {
          stored: progress.stored,
          received: await schoolsAfter(slice, entity, progress),
        });
  const next: RunEntityType = {
    ...progress,
    stage: 'planned',
    position: null,
    plan: progress.plan === null ? null : { ...progress.plan, exceeded },
  };
  await commit(slice, (transaction) => putRunEntityType(transaction, next));
  return next;
}

/**
 * How many records each school has by the plan. Where only changes were fetched, what came says nothing of a school's size: then what is
 * stored of those is counted that the plan touches, which are few.
 */
async function schoolsAfter(
  slice: Slice,
  { entityType }: Entity,
  { window, schools, plan }: RunEntityType,
): Promise<RunEntityType['schools']> {
  if (window === null) return schools;
  const counts = new Map(
    Object.entries(plan?.bySchool ?? {}).map(([school, { toOurs }]) => [
      school,
      toOurs.create - toOurs.delete,
    ]),
  );
  const { customerId, integrationId } = slice.run;
  const scope = { customerId, integrationId, entityType };
  let after: string | null = null;
  while (counts.size > 0) {
    stopIfOver(slice);
    const rows: Awaited<ReturnType<typeof scanRecords>> = await scanRecords(
      slice.worker.store,
      scope,
      after,
      chunkSize,
    );
    for (const { recordId, value } of rows) {
      for (const school of value === null ? [] : schoolsOf(entityType, recordId, value)) {
        const count = counts.get(school);
        if (count !== undefined) counts.set(school, count + 1);
      }
    }
    after = rows.at(-1)?.recordId ?? null;
    if (rows.length < chunkSize) break;
  }
  return Object.fromEntries(counts);
}

/** Merges everything that is staged, in order, without applying it. Ends the slice between two chunks when it is over. */
export async function* mergeAll(
  slice: Slice,
  entity: Entity,
  after: string | null,
): AsyncGenerator<{ readonly merged: readonly MergedRecord[]; readonly position: string }> {
  const { customerId, runId } = slice.run;
  const scope = { customerId, runId, entityType: entity.entityType };
  let position = after;
  for (;;) {
    stopIfOver(slice);
    const staged = await scanStaged(slice.worker.store, scope, position, chunkSize);
    position = staged.at(-1)?.recordId ?? position;
    if (position !== null && staged.length > 0) {
      yield { merged: await mergeStaged(slice, entity, slice.worker.store, staged), position };
    }
    if (staged.length < chunkSize) return;
  }
}

async function isWorthPlanning(slice: Slice, entity: Entity, progress: RunEntityType): Promise<boolean> {
  if (progress.plan !== null || slice.run.isDryRun) return true;
  const { limits } = slice.settings;
  const { customerId, runId } = slice.run;
  const { entityType } = entity;
  const isFirst = progress.stored === 0;
  // However many records are staged: nothing that could be limited happens to them.
  if (!canExceed(limits, entityType, { records: Number.MAX_SAFE_INTEGER, isFirst })) return false;
  const staged = await scanStaged(slice.worker.store, { customerId, runId, entityType }, null, chunkSize);
  return staged.length === chunkSize || canExceed(limits, entityType, { records: staged.length, isFirst });
}
