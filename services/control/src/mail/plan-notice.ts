import type { NoticeItem, ReportedTrouble, Run } from '@flotilla/substrate/store';
import type { Trouble } from './judge-run.ts';

/** A run that is marked, and what is the matter with it. */
export interface JudgedRun {
  readonly run: Run;
  readonly trouble: Trouble | undefined;
  /** A later run has looked at the same: what was amiss may not be so any more. */
  readonly isOvertaken: boolean;
}

export interface NoticePlan {
  readonly items: readonly NoticeItem[];
  /** As they are once the items are told. */
  readonly troubles: ReadonlyMap<string, ReportedTrouble>;
}

/** The same trouble is told once a night, however often runs meet it: nights are at least so far apart. */
const againAfterMs = 20 * 3_600_000;

/**
 * Pure. What people are to be told of these runs, in the order of their ends, after what they were told before (`reported`, by integration).
 * What one night ended by itself is not told.
 */
export function planNotice(
  runs: readonly JudgedRun[],
  reported: ReadonlyMap<string, ReportedTrouble>,
  now: number,
): NoticePlan {
  const troubles = new Map(reported);
  const items = runs.flatMap(({ run, trouble, isOvertaken }) => {
    const known = troubles.get(run.integrationId);
    const digest = isOvertaken ? null : (trouble?.digest ?? null);
    const newConflicts = trouble?.newConflicts ?? 0;
    const since = run.finishedAt ?? run.heldSince ?? run.requestedAt;
    if (digest !== null && trouble !== undefined) {
      const isSame = known?.digest === digest && newConflicts === 0;
      if (isSame && now - Date.parse(known.toldAt) < againAfterMs) return [];
      const told: ReportedTrouble = {
        customerId: run.customerId,
        integrationId: run.integrationId,
        digest,
        entityTypes: trouble.entityTypes,
        since: known?.since ?? since,
        toldAt: new Date(now).toISOString(),
        times: isSame ? known.times + 1 : 1,
      };
      troubles.set(run.integrationId, told);
      return [itemOf(run, isSame ? 'again' : 'trouble', told)];
    }
    if (known !== undefined && !isOvertaken && recovers(run, known)) {
      troubles.delete(run.integrationId);
      return [itemOf(run, 'recovered', known)];
    }
    return newConflicts === 0 ? [] : [itemOf(run, 'trouble', { since, times: 1 })];
  });
  return { items, troubles };
}

function itemOf(
  { integrationId, runId }: Run,
  kind: NoticeItem['kind'],
  { since, times }: Pick<NoticeItem, 'since' | 'times'>,
): NoticeItem {
  return { kind, integrationId, runId, since, times };
}

/** Whether a run that is well has looked at all that was in trouble. */
function recovers(run: Run, { entityTypes }: ReportedTrouble): boolean {
  if (run.state !== 'succeeded' && run.state !== 'unchanged') return false;
  return looksAtWhole(run) && covers(run.entityTypes, entityTypes);
}

/** Pure. Whether `later` has looked at all that `run` did. */
export function overtakes(later: Run, run: Run): boolean {
  return (
    later.runId !== run.runId &&
    later.requestedAt > run.requestedAt &&
    !later.isDryRun &&
    looksAtWhole(later) &&
    run.reverts === null &&
    (later.finishedAt !== null || later.state === 'held') &&
    later.state !== 'rejected' &&
    later.state !== 'expired' &&
    covers(later.entityTypes, run.entityTypes)
  );
}

function looksAtWhole({ recordIds, reverts }: Run): boolean {
  return recordIds.length === 0 && reverts === null;
}

/** Entity types that a run was asked for; none stands for all. */
function covers(asked: readonly string[], needed: readonly string[]): boolean {
  return asked.length === 0 || (needed.length > 0 && needed.every((name) => asked.includes(name)));
}
