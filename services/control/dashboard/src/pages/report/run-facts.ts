import { groupProblems, type ProblemGroup } from '@flotilla/substrate/report/group-problems';
import type { ResultOf } from '../../rpc/call.ts';

export type RunDetail = ResultOf<'runs.get.v1'>;
export type Report = ResultOf<'runs.report.v1'>;
export type Problem = Report['problems'][number];
export type Counts = Report['totals'];

/** Problems of one kind, under a heading that can be jumped to. */
export interface AnchoredGroup extends ProblemGroup<Problem> {
  readonly anchor: string;
}

/** Pure. */
export function anchorGroups(problems: readonly Problem[]): readonly AnchoredGroup[] {
  return groupProblems(problems).map((group, index) => ({ ...group, anchor: `problem-${index + 1}` }));
}

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

/** How many records a report is asked for: few at first, since a first sync has changed thousands; a thousand is the most. */
export const amounts = [20, 200, 1_000] as const;

/** Pure. What a run's report is asked for with. Of what is only planned the plan has a page of its own. */
export function reportParams(
  run: RunDetail,
  { changes, problems }: { readonly changes: number; readonly problems: number },
) {
  const { customerId, runId } = run;
  return { customerId, runId, changes: isPlanOnly(run) ? 0 : changes, problems };
}

/** Pure. Records written to the vendor, taken or not. */
export function countPushes({ pushCreated, pushUpdated, pushDeleted, pushFailed }: Counts): number {
  return pushCreated + pushUpdated + pushDeleted + pushFailed;
}

/** Pure. Records changed on our side. */
export function countChanges({ created, updated, deleted }: Counts): number {
  return created + updated + deleted;
}
