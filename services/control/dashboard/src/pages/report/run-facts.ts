import type { ResultOf } from '../../rpc/call.ts';

export type RunDetail = ResultOf<'runs.get.v1'>;
export type Report = ResultOf<'runs.report.v1'>;
export type Counts = Report['totals'];

/** Pure. Whether it goes on by itself. */
export function isUnderWay({ state }: { readonly state: string }): boolean {
  return state === 'queued' || state === 'running';
}

/** Pure. Whether its plan is all that came of it. */
export function isPlanOnly({ isDryRun, state }: Pick<Report, 'isDryRun' | 'state'>): boolean {
  return isDryRun || state === 'held' || state === 'rejected' || state === 'expired';
}

/** Pure. Whether `runs.revert.v1` would take it: something that may have changed data, and is over. */
export function isRevertible({ isDryRun, state }: Pick<Report, 'isDryRun' | 'state'>): boolean {
  return !isDryRun && (state === 'succeeded' || state === 'partial' || state === 'failed');
}

/** Pure. Records written to the vendor, taken or not. */
export function countPushes({ pushCreated, pushUpdated, pushDeleted, pushFailed }: Counts): number {
  return pushCreated + pushUpdated + pushDeleted + pushFailed;
}

/** Pure. Records changed on our side. */
export function countChanges({ created, updated, deleted }: Counts): number {
  return created + updated + deleted;
}
