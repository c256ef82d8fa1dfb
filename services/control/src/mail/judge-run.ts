import { digestText } from '@flotilla/substrate/json/digest';
import {
  listConflictsFoundBy,
  listQuarantined,
  type Run,
  readRunEntityTypes,
  type Store,
} from '@flotilla/substrate/store';

/** What of a run somebody should know. */
export interface Trouble {
  /** Follows from what is wrong: two runs with the same are in the same trouble. Null: nothing but conflicts. */
  readonly digest: string | null;
  /** What was not in order; empty: everything. */
  readonly entityTypes: readonly string[];
  /** Fields that this run was the first to find in conflict and that wait still. */
  readonly newConflicts: number;
}

/** So many records and fields are looked at: what is wrong with more than that is told as well by these. */
const mostLookedAt = 500;

const failedStates: readonly string[] = ['failed', 'partial', 'held', 'expired'];

/** Undefined: nothing that anybody need be told. */
export async function judgeRun(store: Store, run: Run): Promise<Trouble | undefined> {
  const { customerId, runId, state } = run;
  const [progress, found] = await Promise.all([
    readRunEntityTypes(store, customerId, runId),
    listConflictsFoundBy(store, { customerId, runId }, undefined, mostLookedAt),
  ]);
  const rows = [...progress.values()];
  const newConflicts = found.filter((conflict) => conflict.state === 'open').length;
  const quarantined = rows.some(({ counts }) => counts.quarantined > 0)
    ? await listQuarantined(store, run, mostLookedAt)
    : [];
  const faults = [
    ...(failedStates.includes(state) ? [[state, run.failure?.code ?? null]] : []),
    ...rows.flatMap(({ entityType, failure, counts, plan }) => [
      ...(failure === null || failure.code === 'not_found' ? [] : [[entityType, failure.code]]),
      ...(counts.pushFailed === 0 ? [] : [[entityType, 'push_rejected']]),
      ...(state === 'held' ? (plan?.exceeded ?? []) : []).map(({ direction, action }) => [
        entityType,
        direction,
        action,
      ]),
    ]),
    ...quarantined.map(({ entityType, recordId, failure }) => [entityType, recordId, failure.code]),
  ];
  if (faults.length === 0 && newConflicts === 0) return undefined;
  return {
    digest: faults.length === 0 ? null : digestText(JSON.stringify(faults.map(String).toSorted())),
    entityTypes: affected(run, rows),
    newConflicts,
  };
}

function affected(
  { state, entityTypes }: Run,
  progress: readonly {
    readonly entityType: string;
    readonly failure: { readonly code: string } | null;
    readonly counts: { readonly pushFailed: number; readonly quarantined: number };
  }[],
): readonly string[] {
  if (state !== 'partial' && state !== 'succeeded') return entityTypes;
  return progress
    .filter(
      ({ failure, counts }) =>
        (failure !== null && failure.code !== 'not_found') || counts.pushFailed + counts.quarantined > 0,
    )
    .map(({ entityType }) => entityType);
}
