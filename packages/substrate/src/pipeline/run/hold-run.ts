import { Failure } from '../../failure/failure.ts';
import type { EntityType } from '../../model/entity-types.ts';
import { putPlannedChanges } from '../../store/planned-changes.ts';
import {
  type ExceededLimit,
  listHeldRuns,
  putRunEntityType,
  type Run,
  type RunEntityType,
  readRun,
  updateRun,
} from '../../store/runs.ts';
import type { Store, StoreTransaction } from '../../store/schema.ts';
import { clearStaged } from '../../store/staged-records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { commitAndRelease } from '../lease.ts';
import { effectiveLines, effectiveSides } from '../plan/effective-lines.ts';
import { isSameLimit } from '../plan/plan-counts.ts';
import { mergeAll } from '../plan/plan-stage.ts';
import { recordFailure } from '../record-failure.ts';
import { commit, isoNow, type Slice } from '../slice.ts';
import { noticeDelayMs } from './notice-due.ts';

/** Planned changes are kept for people to look at this long. */
const previewMs = 30 * 24 * 60 * 60_000;

/** The limits that a run's plan is over and nobody has approved, by entity type. */
export function unapprovedLimits(
  run: Pick<Run, 'decision'>,
  progress: Iterable<RunEntityType>,
): Readonly<Record<string, readonly ExceededLimit[]>> {
  const found: Record<string, readonly ExceededLimit[]> = {};
  for (const { entityType, plan } of progress) {
    const approved = run.decision?.decision === 'approved' ? (run.decision.exceeded[entityType] ?? []) : [];
    const left = (plan?.exceeded ?? []).filter(
      (one) => !approved.some((other) => isSameLimit(one, other) && one.planned <= other.planned),
    );
    if (left.length > 0) found[entityType] = left;
  }
  return found;
}

/** Keeps what the run would do to every record, so that people can look at it. */
export async function previewChanges(
  slice: Slice,
  entities: readonly Entity[],
  progress: Map<EntityType, RunEntityType>,
): Promise<void> {
  const { customerId, runId } = slice.run;
  const expiresAt = new Date(slice.worker.clock.now() + previewMs).toISOString();
  for (const entity of entities) {
    const { entityType } = entity;
    const sides = effectiveSides(slice, entity);
    let planned = progress.get(entityType);
    if (planned?.stage !== 'planned') continue;
    for await (const { merged, position } of mergeAll(slice, entity, planned.position)) {
      const rows = merged
        .map((record) => {
          const toOurs = effectiveLines(entity, sides, record, 'toOurs');
          const toTheirs = effectiveLines(entity, sides, record, 'toTheirs');
          return {
            customerId,
            runId,
            entityType,
            recordId: record.recordId,
            toOursAction: toOurs[0]?.action ?? null,
            toTheirsAction: toTheirs[0]?.action ?? null,
            toOurs,
            toTheirs,
            conflicts: record.merge.conflicts,
            expiresAt,
          };
        })
        .filter((row) => row.toOurs.length + row.toTheirs.length + row.conflicts.length > 0);
      planned = { ...planned, position };
      const next = planned;
      await commit(slice, (transaction) => {
        putPlannedChanges(transaction, rows);
        putRunEntityType(transaction, next);
      });
    }
    progress.set(entityType, { ...planned, position: null });
  }
}

/**
 * Stops a run until somebody approves it, and gives the lease back: nothing of it has been applied. Earlier held runs that would do the same
 * are expired by it.
 */
export async function holdRun(slice: Slice, progress: ReadonlyMap<EntityType, RunEntityType>): Promise<void> {
  const { worker, run, fence, settings } = slice;
  const now = worker.clock.now();
  await commitAndRelease(worker.store, worker.clock, fence, (transaction) => {
    for (const each of progress.values())
      if (each.stage === 'planned') putRunEntityType(transaction, { ...each, position: null });
    updateRun(transaction, run, {
      state: 'held',
      heldSince: new Date(now).toISOString(),
      decision: null,
      // Nobody is to work on it before: then the sweeper ends it.
      dueAt: new Date(now + settings.holdHours * 60 * 60_000).toISOString(),
      noticeDueAt: new Date(now + noticeDelayMs).toISOString(),
    });
  });
  // An alert of `infra/` waits for these words.
  worker.log.warn('A run is held until somebody decides', { customerId: run.customerId, runId: run.runId });
  await expireSuperseded(worker.store, run, isoNow(slice));
}

/** Ends held runs that this one has overtaken: it has looked at the same entity types, later. */
export async function expireSuperseded(store: Store, run: Run, now: string): Promise<void> {
  const held = await listHeldRuns(store, run.customerId, undefined, 1_000);
  const overtaken = held.filter(
    (other) =>
      other.integrationId === run.integrationId &&
      other.runId !== run.runId &&
      covers(run, other) &&
      other.requestedAt <= run.requestedAt,
  );
  const failure = new Failure('limit_exceeded', 'A later run has looked at the same records', {
    data: { runId: run.runId },
  });
  for (const { customerId, runId } of overtaken) {
    await store.transaction(async (transaction) => {
      const other = await readRun(transaction, customerId, runId);
      // Somebody may have decided on it at this moment.
      if (other.state === 'held') endHeld(transaction, other, 'expired', now, failure);
    });
  }
}

/** Whether the one has looked at all that the other would change. What a run takes back, no sync looks at. */
function covers(run: Run, other: Run): boolean {
  if (run.isDryRun || [run, other].some(({ recordIds, reverts }) => recordIds.length > 0 || reverts !== null))
    return false;
  return (
    run.entityTypes.length === 0 ||
    (other.entityTypes.length > 0 && other.entityTypes.every((name) => run.entityTypes.includes(name)))
  );
}

/** Ends a held run without applying it. `noticeAt`: by then somebody is to be told; left out: nobody is. */
export function endHeld(
  transaction: StoreTransaction,
  run: Run,
  state: 'rejected' | 'expired',
  now: string,
  failure?: Failure,
  noticeAt?: string,
): void {
  const { customerId, runId } = run;
  clearStaged(transaction, { customerId, runId });
  updateRun(transaction, run, {
    state,
    heldSince: null,
    openSince: null,
    dueAt: null,
    finishedAt: now,
    noticeDueAt: noticeAt ?? null,
    ...(failure === undefined ? {} : { failure: recordFailure(failure) }),
  });
}
