import { Failure } from '../../failure/failure.ts';
import type { EntityType } from '../../model/entity-types.ts';
import { readRecords } from '../../store/records.ts';
import { putRunEntityType, type Run, type RunEntityType, readRun } from '../../store/runs.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { syncSome } from '../push/sync-records.ts';
import { beginEntityType } from '../run/prepare-entity-type.ts';
import { commit, isoNow, type Slice, stopIfOver } from '../slice.ts';
import { assertUntouched } from './assert-untouched.ts';
import { undoPage } from './undo-page.ts';
import { readUndoRecords, type UndoRecord } from './undo-records.ts';
import { createUndoRules, type UndoRules } from './undo-rules.ts';

type Progress = Map<EntityType, RunEntityType>;

/** Records written to the vendor together. */
const pushSize = 25;

/**
 * Takes a run's changes back: first on our side, then, for entity types that are written back, at the vendor; what was created is deleted
 * there after everything that points to it. Nothing is taken back where anything of it was changed since (`revert_refused`).
 */
export async function revertRun(slice: Slice, revertedId: string, progress: Progress): Promise<void> {
  const reverted = await readRun(slice.worker.store, slice.run.customerId, revertedId);
  assertRevertible(slice, reverted);
  const rulesOf = createUndoRules(slice.settings);
  if (progress.size === 0) await assertUntouched(slice, reverted, rulesOf);
  await undoOnOurSide(slice, reverted, progress, rulesOf);
  const written = slice.vendor.entities.filter(
    (entity) => progress.has(entity.entityType) && slice.mergeOf(entity).isPushed,
  );
  for (const entity of written)
    await pushUndone(slice, entity, reverted, progress, (value) => value !== null);
  for (const entity of written.toReversed())
    await pushUndone(slice, entity, reverted, progress, (value) => value === null);
  await endAll(slice, progress);
}

/** Fails with `invalid_params` for a run that changed nothing by its nature, or is not over. */
function assertRevertible({ run }: Slice, reverted: Run): void {
  const problem = [
    reverted.integrationId !== run.integrationId && 'it is another integration’s',
    reverted.finishedAt === null && 'it is not over',
    reverted.isDryRun && 'it was a dry run',
    (reverted.state === 'rejected' || reverted.state === 'expired') && 'it was held and never applied',
  ].find((one) => one !== false);
  if (problem === undefined) return;
  throw new Failure('invalid_params', 'The run cannot be taken back', {
    data: { runId: reverted.runId, state: reverted.state, problem },
  });
}

async function undoOnOurSide(
  slice: Slice,
  reverted: Run,
  progress: Progress,
  rulesOf: UndoRules,
): Promise<void> {
  for await (const page of readUndoRecords(slice.worker.store, reverted, slice.signal)) {
    stopIfOver(slice);
    for (const [entityType, records] of Map.groupBy(page, (record) => record.entityType)) {
      const entity = entityOf(slice, entityType);
      const before = progress.get(entityType) ?? (await beginEntityType(slice, entity));
      // Taken back already, and on its way to the vendor: the slice before has come so far.
      if (before.stage !== 'fetching') continue;
      progress.set(entityType, await undoPage(slice, entity, before, records, rulesOf));
    }
  }
  for (const [entityType, before] of progress) {
    if (before.stage === 'fetching') await moveTo(slice, progress, entityType, 'applying');
  }
}

/** Fails with `config_invalid` where the vendor has lost the entity type since. */
function entityOf({ vendor }: Slice, entityType: EntityType): Entity {
  const entity = vendor.entities.find((one) => one.entityType === entityType);
  if (entity !== undefined) return entity;
  throw new Failure('config_invalid', 'The vendor has no such entity type any more', {
    data: { vendor: vendor.id, entityType },
  });
}

/** Brings what was taken back to the vendor: of these records those that ours has, or those that it has no more. */
async function pushUndone(
  slice: Slice,
  entity: Entity,
  reverted: Run,
  progress: Progress,
  isMeant: (ours: unknown) => boolean,
): Promise<void> {
  const { entityType } = entity;
  for await (const page of readUndoRecords(slice.worker.store, reverted, slice.signal)) {
    const ids = await findEdited(slice, entityType, page, isMeant);
    for (let from = 0; from < ids.length; from += pushSize) {
      stopIfOver(slice);
      const before = progress.get(entityType) as RunEntityType;
      progress.set(entityType, await syncSome(slice, entity, ids.slice(from, from + pushSize), before));
    }
  }
}

/** Those of the page that differ from what the vendor has. */
async function findEdited(
  { run, worker }: Slice,
  entityType: EntityType,
  page: readonly UndoRecord[],
  isMeant: (ours: unknown) => boolean,
): Promise<readonly string[]> {
  const { customerId, integrationId } = run;
  const ids = page.filter((record) => record.entityType === entityType).map(({ recordId }) => recordId);
  const rows = await readRecords(worker.store, { customerId, integrationId, entityType }, ids);
  return [...rows.values()]
    .filter(({ editedAt, value }) => editedAt !== null && isMeant(value))
    .map(({ recordId }) => recordId);
}

async function moveTo(
  slice: Slice,
  progress: Progress,
  entityType: EntityType,
  stage: 'applying' | 'done',
): Promise<void> {
  const before = progress.get(entityType) as RunEntityType;
  const finishedAt = stage === 'done' ? isoNow(slice) : null;
  const next: RunEntityType = { ...before, stage, position: null, finishedAt };
  await commit(slice, (transaction) => putRunEntityType(transaction, next));
  progress.set(entityType, next);
}

async function endAll(slice: Slice, progress: Progress): Promise<void> {
  for (const [entityType, { finishedAt }] of progress)
    if (finishedAt === null) await moveTo(slice, progress, entityType, 'done');
}
