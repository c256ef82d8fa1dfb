import type { Failure } from '../../failure/failure.ts';
import type { EntityType } from '../../model/entity-types.ts';
import { noCounts } from '../../report/run-counts.ts';
import type { ListProgress } from '../../store/list-progress.ts';
import { clearPages, type PageScope, readSeen } from '../../store/pages.ts';
import { clearQuarantined } from '../../store/quarantine.ts';
import { putRunEntityType, type RunEntityType, readRunEntityTypes } from '../../store/runs.ts';
import type { StoreTransaction } from '../../store/schema.ts';
import { clearStaged } from '../../store/staged-records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { commit, type Slice } from '../slice.ts';
import { createSeenIds } from './seen-ids.ts';

/** So often an entity type is begun anew in one run; then the vendor's cursors do not live as long as its lists take. */
const mostRestarts = 3;

/**
 * Begins an entity type's fetch anew, since the vendor has forgotten the cursor with which its list was to go on. What came so far is void,
 * but for the ids that were seen: they show whether the list stood still. Throws `expired` where it has happened too often.
 */
export async function beginAnew(
  slice: Slice,
  { entityType }: Entity,
  expired: Failure,
): Promise<RunEntityType> {
  const progress = await readProgress(slice, entityType);
  const next = { ...voided(progress), restarts: restartsOf(progress, expired) };
  await commit(slice, (transaction) => restart(slice, transaction, next));
  return next;
}

/** The pages with which it was begun anew, with one more; throws `expired` where these are too many. */
export function restartsOf({ restarts, pages }: ListProgress, expired: Failure): readonly number[] {
  if (restarts.length >= mostRestarts) throw expired;
  return [...restarts, pages];
}

/** Begins an entity type's fetch anew as a whole one, since what the vendor tells of its changes cannot be made out. */
export async function beginWhole(slice: Slice, { entityType }: Entity): Promise<RunEntityType> {
  const progress = await readProgress(slice, entityType);
  const next = { ...voided(progress), window: null, pages: 0, restarts: [] };
  await commit(slice, (transaction) => {
    // What they tell of may be gone by now: that it does not come again proves nothing.
    clearPages(transaction, scopeOf(next));
    restart(slice, transaction, next);
  });
  return next;
}

async function readProgress({ worker, run }: Slice, entityType: EntityType): Promise<RunEntityType> {
  const all = await readRunEntityTypes(worker.store, run.customerId, run.runId);
  return all.get(entityType) as RunEntityType;
}

function voided(progress: RunEntityType): RunEntityType {
  return { ...progress, cursor: null, position: null, evidence: null, counts: noCounts, schools: {} };
}

function restart({ run }: Slice, transaction: StoreTransaction, progress: RunEntityType): void {
  clearStaged(transaction, scopeOf(progress));
  clearQuarantined(transaction, run, progress.entityType);
  putRunEntityType(transaction, progress);
}

export function scopeOf({ customerId, runId, entityType }: RunEntityType): PageScope {
  return { customerId, runId, entityType };
}

/** The first page that counts. */
export function firstPageOf({ restarts }: Pick<ListProgress, 'restarts'>): number {
  return restarts.at(-1) ?? 0;
}

/** Whether something had come before the fetch was begun anew that did not come again: then more may have been missed. */
export async function hasLostSome(
  { worker }: Slice,
  scope: PageScope,
  progress: Pick<ListProgress, 'restarts'>,
): Promise<boolean> {
  if (progress.restarts.length === 0) return false;
  const ever = createSeenIds();
  const last = createSeenIds();
  for (const { page, seen } of await readSeen(worker.store, scope)) {
    ever.add(seen);
    if (page >= firstPageOf(progress)) last.add(seen);
  }
  return ever.size > last.size;
}
