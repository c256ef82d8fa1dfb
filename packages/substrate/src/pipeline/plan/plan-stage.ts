import { schoolsOf } from '../../model/schools.ts';
import { scanRecords } from '../../store/records.ts';
import { type EntityTypePlan, putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import { scanStaged } from '../../store/staged-records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { commit, type Slice, stopIfOver } from '../slice.ts';
import { effectiveSides } from './effective-lines.ts';
import { type MergedRecord, mergeStaged, type TheirRecord } from './merge-staged.ts';
import { canExceed, countPlan, emptyPlan, judgePlan } from './plan-counts.ts';

/** Records merged at a time. */
const chunkSize = 500;

/** So few records are counted though no limit can be exceeded: later it can be told what others would have said. */
const fewRecords = 100;

/**
 * Counts what the merge would do, and judges it by the safety limits. Where a first sync or so little was staged that no limit can be
 * exceeded, the merge is spared until it is applied; but few records are counted all the same.
 */
export async function planStage(slice: Slice, entity: Entity, start: RunEntityType): Promise<RunEntityType> {
  const staged = await stagedToCount(slice, entity, start);
  const planned =
    staged === 'all'
      ? await judge(slice, entity, await countAll(slice, entity, start))
      : { ...start, plan: staged === 'none' ? null : await countFew(slice, entity, staged) };
  const next: RunEntityType = { ...planned, stage: 'planned', position: null };
  await commit(slice, (transaction) => putRunEntityType(transaction, next));
  return next;
}

async function countAll(slice: Slice, entity: Entity, start: RunEntityType): Promise<RunEntityType> {
  let progress: RunEntityType = { ...start, plan: start.plan ?? emptyPlan };
  for await (const { merged, position } of mergeAll(slice, entity, progress.position)) {
    const plan = countPlan(progress.plan ?? emptyPlan, entity, merged, effectiveSides(slice, entity));
    progress = { ...progress, plan, position };
    await commit(slice, (transaction) => putRunEntityType(transaction, progress));
  }
  return progress;
}

async function countFew(
  slice: Slice,
  entity: Entity,
  staged: readonly TheirRecord[],
): Promise<EntityTypePlan> {
  if (staged.length === 0) return emptyPlan;
  const merged = await mergeStaged(slice, entity, slice.worker.store, staged);
  return countPlan(emptyPlan, entity, merged, effectiveSides(slice, entity));
}

async function judge(slice: Slice, entity: Entity, counted: RunEntityType): Promise<RunEntityType> {
  const received = await schoolsAfter(slice, entity, counted);
  const plan: EntityTypePlan = {
    ...(counted.plan ?? emptyPlan),
    ...(counted.window === null ? {} : { schoolSizes: received }),
  };
  const { stored } = counted;
  const exceeded = judgePlan(plan, entity.entityType, slice.settings.limits, { stored, received });
  return { ...counted, plan: { ...plan, exceeded } };
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

/** What is staged, if it is little enough for no limit to be exceeded, and yet to be counted. */
async function stagedToCount(
  slice: Slice,
  entity: Entity,
  progress: RunEntityType,
): Promise<'all' | 'none' | readonly TheirRecord[]> {
  if (progress.plan !== null || slice.run.isDryRun) return 'all';
  const { limits } = slice.settings;
  const { customerId, runId } = slice.run;
  const { entityType } = entity;
  const isFirst = progress.stored === 0;
  // However many records are staged: whether anything that could be limited happens to them.
  const isLimited = canExceed(limits, entityType, { records: Number.MAX_SAFE_INTEGER, isFirst });
  // What a first sync creates is counted when it is applied.
  if (!isLimited && isFirst) return 'none';
  const most = isLimited ? chunkSize : fewRecords + 1;
  const staged = await scanStaged(slice.worker.store, { customerId, runId, entityType }, null, most);
  const records = staged.length;
  if (isLimited && (records === chunkSize || canExceed(limits, entityType, { records, isFirst })))
    return 'all';
  return records > fewRecords ? 'none' : staged;
}
