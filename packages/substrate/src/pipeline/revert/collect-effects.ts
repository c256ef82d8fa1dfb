import { Failure } from '../../failure/failure.ts';
import type { JsonObject } from '../../json/json-value.ts';
import type { EntityType } from '../../model/entity-types.ts';
import { readAliases } from '../../store/aliases.ts';
import { readChanges } from '../../store/changes.ts';
import { listPushes, type Push } from '../../store/pushes.ts';
import { putRunEntityType, type Run, type RunEntityType } from '../../store/runs.ts';
import type { StoreTransaction } from '../../store/schema.ts';
import { insertStaged, readStaged } from '../../store/staged-records.ts';
import { commit, type Slice, stopIfOver } from '../slice.ts';
import { addEffects, type Effect } from './effect.ts';

/** Changes read at a time. */
const pageSize = 250;

/** How far the collecting has come: our side first, then the vendor's. */
type Place =
  | { readonly of: 'changes'; readonly after: number }
  | { readonly of: 'pushes'; readonly after: Pick<Push, 'entityType' | 'recordId'> | null };

interface Found {
  readonly entityType: string;
  readonly recordId: string;
  readonly effect: Effect;
}

/** Marks of the staged effects, where a sync keeps a hash. */
export type EffectMark = 'collected' | 'touched' | 'undone' | 'removed';

/** Stages what a run did, one row a record, under the id that the record has today. `progress` is the checkpoint, and answers its end. */
export async function collectEffects(
  slice: Slice,
  reverted: Run,
  start: RunEntityType,
): Promise<RunEntityType> {
  let progress = start;
  let place: Place | undefined =
    progress.position === null
      ? { of: 'changes', after: reverted.firstSequence ?? 0 }
      : (JSON.parse(progress.position) as Place);
  while (place !== undefined) {
    stopIfOver(slice);
    const { found, next }: Page =
      place.of === 'changes'
        ? await readOwnChanges(slice, reverted, place.after)
        : await readTaken(slice, reverted, place.after);
    progress = { ...progress, position: next === undefined ? null : JSON.stringify(next) };
    await commit(slice, async (transaction) => {
      await stageEffects(slice, transaction, found);
      putRunEntityType(transaction, progress);
    });
    place = next;
  }
  return progress;
}

interface Page {
  readonly found: readonly Found[];
  readonly next: Place | undefined;
}

async function readOwnChanges({ worker }: Slice, reverted: Run, after: number): Promise<Page> {
  const { runId, firstSequence, lastSequence } = reverted;
  const end: Place = { of: 'pushes', after: null };
  if (firstSequence === null) return { found: [], next: end };
  const page = await readChanges(worker.store, reverted, after, pageSize);
  const found = page
    .filter((change) => change.runId === runId)
    .map(({ entityType, recordId, before, after, sequence }) => ({
      entityType,
      recordId,
      effect: { change: { before, after }, sequence },
    }));
  const last = page.at(-1)?.sequence ?? after;
  const isPast = page.length < pageSize || (lastSequence !== null && last >= lastSequence);
  return { found, next: isPast ? end : { of: 'changes', after: last } };
}

/** What the vendor took, or seemed to. What it refused was never there. */
async function readTaken(
  { worker }: Slice,
  reverted: Run,
  after: Pick<Push, 'entityType' | 'recordId'> | null,
): Promise<Page> {
  const page = await listPushes(worker.store, reverted, after ?? undefined, pageSize);
  const found = page
    .filter(({ state }) => state === 'accepted' || state === 'unverified')
    .map(({ entityType, recordId, action, before, after, ours }) => ({
      entityType,
      recordId,
      effect: { push: { action, before, after, ours }, sequence: reverted.firstSequence ?? 0 },
    }));
  const last = page.at(-1);
  if (last === undefined || page.length < pageSize) return { found, next: undefined };
  const { entityType, recordId } = last;
  return { found, next: { of: 'pushes', after: { entityType, recordId } } };
}

/** Adds to what is staged of these records already; the same page twice comes to the same. */
async function stageEffects(
  { run, vendor }: Slice,
  transaction: StoreTransaction,
  found: readonly Found[],
): Promise<void> {
  const { customerId, integrationId, runId } = run;
  for (const [name, ofType] of Map.groupBy(found, (one) => one.entityType)) {
    const entityType = name as EntityType;
    if (!vendor.entities.some((entity) => entity.entityType === entityType)) {
      throw new Failure('config_invalid', 'The vendor has no such entity type any more', {
        data: { vendor: vendor.id, entityType },
      });
    }
    const ids = [...new Set(ofType.map(({ recordId }) => recordId))];
    const moved = await readAliases(transaction, { customerId, integrationId, entityType }, ids);
    const scope = { customerId, runId, entityType };
    const idsNow = [...new Set(ids.map((id) => moved.get(id) ?? id))];
    const staged = await readStaged(transaction, scope, idsNow);
    const effects = new Map([...staged].map(([id, row]) => [id, row.value as unknown as Effect]));
    for (const { recordId, effect } of ofType) {
      const id = moved.get(recordId) ?? recordId;
      effects.set(id, addEffects(effects.get(id), effect));
    }
    const hash: EffectMark = 'collected';
    insertStaged(
      transaction,
      [...effects].map(([recordId, effect]) => ({
        ...scope,
        recordId,
        hash,
        value: effect as unknown as JsonObject,
      })),
    );
  }
}
