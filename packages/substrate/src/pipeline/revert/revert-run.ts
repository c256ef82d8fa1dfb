import { Failure } from '../../failure/failure.ts';
import type { EntityType } from '../../model/entity-types.ts';
import { readRunChanges } from '../../store/changes.ts';
import {
  deleteRunEntityType,
  putRunEntityType,
  type Run,
  type RunEntityType,
  readRun,
} from '../../store/runs.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { syncSome } from '../push/sync-records.ts';
import { beginEntityType, firstProgress } from '../run/prepare-entity-type.ts';
import { commit, isoNow, type Slice, stopIfOver } from '../slice.ts';
import { assertUntouched, judgeEffects } from './assert-untouched.ts';
import { collectEffects, type EffectMark } from './collect-effects.ts';
import { isMarked, scanEffects } from './scan-effects.ts';
import { undoChunk } from './undo-chunk.ts';

type Progress = Map<EntityType, RunEntityType>;

/** Records taken back in one commit. */
const chunkSize = 250;
/** Records written to the vendor together. */
const pushSize = 25;

/**
 * Takes back what a run did: first on our side, then, for entity types that are written back, at the vendor; what the run created is
 * deleted there after everything that names it. Where others have changed the same since, nothing is taken back (`revert_refused`). Each
 * stage goes on from its checkpoint: `fetching` collects what the run did, `planning` compares it with what is there now, `planned` is
 * being taken back on our side, `applying` and `removing` at the vendor.
 */
export async function revertRun(slice: Slice, revertedId: string, progress: Progress): Promise<void> {
  const reverted = await readRun(slice.worker.store, slice.run.customerId, revertedId);
  if (progress.size === 0) assertRevertible(slice, reverted);
  await collect(slice, reverted, progress);
  const entities = slice.vendor.entities.filter(({ entityType }) => progress.has(entityType));
  await advance(slice, entities, progress, 'planning', (entity, start) => judgeEffects(slice, entity, start));
  if (isUntaken(progress) && !(await hasTakenBack(slice))) await assertUntouched(slice, reverted, progress);
  await advance(slice, entities, progress, 'planned', (entity, start) =>
    undoOnOurSide(slice, entity, reverted, start),
  );
  await advance(slice, entities, progress, 'applying', (entity, start) =>
    bringToVendor(slice, entity, start, 'undone'),
  );
  await advance(slice, entities.toReversed(), progress, 'removing', (entity, start) =>
    bringToVendor(slice, entity, start, 'removed'),
  );
}

/** Fails with `invalid_params` for a run that cannot have changed anything, or is not over. */
function assertRevertible({ run, settings }: Slice, reverted: Run): void {
  const problem = [
    reverted.integrationId !== run.integrationId && "it is another integration's",
    reverted.finishedAt === null && 'it is not over',
    reverted.isDryRun && 'it was a dry run, which changes nothing',
    !settings.steps.persist && 'nothing may be stored at present (steps.persist)',
  ].find((one) => one !== false);
  if (problem !== undefined) throw refuse(reverted, problem);
}

function refuse({ runId, state }: Run, problem: string): Failure {
  return new Failure('invalid_params', 'The run cannot be taken back', { data: { runId, state, problem } });
}

/** Stages what the run did, and notes which entity types that concerns. */
async function collect(slice: Slice, reverted: Run, progress: Progress): Promise<void> {
  const [collector] = slice.vendor.entities;
  const known = progress.get(collector?.entityType as EntityType);
  if (collector === undefined || (progress.size > 0 && known?.stage !== 'fetching')) return;
  const collected = await collectEffects(slice, reverted, known ?? (await beginEntityType(slice, collector)));
  const concerned: RunEntityType[] = [];
  for (const entity of slice.vendor.entities) {
    if ((await scanEffects(slice, entity, null, 1)).length > 0)
      concerned.push({ ...firstProgress(slice, entity), stage: 'planning' });
  }
  if (concerned.length === 0) {
    const isHeld = reverted.state === 'rejected' || reverted.state === 'expired';
    throw refuse(reverted, isHeld ? 'it was held and never applied' : 'it has changed nothing');
  }
  await commit(slice, (transaction) => {
    deleteRunEntityType(transaction, collected);
    for (const each of concerned) putRunEntityType(transaction, each);
  });
  progress.clear();
  for (const each of concerned) progress.set(each.entityType as EntityType, each);
}

/** Takes the entity types that stand at a stage to its end. */
async function advance(
  slice: Slice,
  entities: readonly Entity[],
  progress: Progress,
  stage: RunEntityType['stage'],
  work: (entity: Entity, start: RunEntityType) => Promise<RunEntityType>,
): Promise<void> {
  for (const entity of entities) {
    stopIfOver(slice);
    const start = progress.get(entity.entityType);
    if (start?.stage === stage) progress.set(entity.entityType, await work(entity, start));
  }
}

/** Whether all is judged, and nothing is taken back yet. */
function isUntaken(progress: Progress): boolean {
  return [...progress.values()].every(({ stage, position }) => stage === 'planned' && position === null);
}

/** After another run came in between, what was taken back before stays so; then it is too late to refuse the whole. */
async function hasTakenBack({ worker, run }: Slice): Promise<boolean> {
  return (await readRunChanges(worker.store, run, 1)).length > 0;
}

async function undoOnOurSide(
  slice: Slice,
  entity: Entity,
  reverted: Run,
  start: RunEntityType,
): Promise<RunEntityType> {
  const isWritten =
    slice.mergeOf(entity).isPushed && !slice.settings.disabledEntityTypes.includes(entity.entityType);
  let progress = start;
  for (;;) {
    stopIfOver(slice);
    const staged = await scanEffects(slice, entity, progress.position, chunkSize);
    const position = staged.at(-1)?.recordId ?? null;
    if (staged.length > 0)
      progress = await undoChunk(slice, entity, reverted, { ...progress, position }, staged, isWritten);
    if (staged.length < chunkSize) break;
  }
  return isWritten ? await moveTo(slice, progress, 'applying') : await moveTo(slice, progress, 'done');
}

/** Brings what was taken back to the vendor: what there is, or what there is no more. */
async function bringToVendor(
  slice: Slice,
  entity: Entity,
  start: RunEntityType,
  mark: EffectMark,
): Promise<RunEntityType> {
  let progress = start;
  let { position } = start;
  for (;;) {
    stopIfOver(slice);
    const staged = await scanEffects(slice, entity, position, pushSize);
    position = staged.at(-1)?.recordId ?? null;
    const ids = staged.filter((row) => isMarked(row, mark)).map(({ recordId }) => recordId);
    // They were counted as they were taken back.
    if (ids.length > 0) progress = await syncSome(slice, entity, ids, progress, { received: 0 });
    if (staged.length < pushSize) break;
  }
  return await moveTo(slice, progress, mark === 'undone' ? 'removing' : 'done');
}

async function moveTo(
  slice: Slice,
  before: RunEntityType,
  stage: 'applying' | 'removing' | 'done',
): Promise<RunEntityType> {
  const finishedAt = stage === 'done' ? isoNow(slice) : null;
  const next: RunEntityType = { ...before, stage, position: null, finishedAt };
  await commit(slice, (transaction) => putRunEntityType(transaction, next));
  return next;
}
