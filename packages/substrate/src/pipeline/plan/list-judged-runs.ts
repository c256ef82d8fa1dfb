import type { Reader } from '../../orm/database.ts';
import { listRuns } from '../../store/list-runs.ts';
import { type Run, runEntityTypes } from '../../store/runs.ts';
import { type JudgedCounts, wasJudged } from './judge-again.ts';

export interface JudgedRun {
  readonly run: Run;
  /** In order of their names. */
  readonly entityTypes: readonly JudgedCounts[];
}

/** Runs looked through at a time, and at most: an integration may have many of single records between two nights. */
const pageSize = 100;
const mostPages = 10;

/**
 * An integration's latest runs that safety limits were asked about, latest first: those of whole sets that took effect or were to. So no dry
 * run, none of single records, none that takes another back, and none that failed before.
 */
export async function listJudgedRuns(
  reader: Reader,
  scope: Pick<Run, 'customerId' | 'integrationId'>,
  most: number,
): Promise<readonly JudgedRun[]> {
  const found: JudgedRun[] = [];
  let after: Run | undefined;
  for (let page = 0; page < mostPages && found.length < most; page++) {
    const runs = await listRuns(reader, {
      ...scope,
      ...(after === undefined ? {} : { after }),
      limit: pageSize,
    });
    const whole = runs.filter(isOfWholeSets);
    for (let from = 0; from < whole.length && found.length < most; from += most)
      found.push(...(await withCounts(reader, whole.slice(from, from + most))));
    after = runs.at(-1);
    if (runs.length < pageSize) break;
  }
  return found.slice(0, most);
}

function isOfWholeSets({ context, isDryRun, recordIds, reverts }: Run): boolean {
  return context !== 'realtime' && !isDryRun && recordIds.length === 0 && reverts === null;
}

async function withCounts(reader: Reader, runs: readonly Run[]): Promise<readonly JudgedRun[]> {
  if (runs.length === 0) return [];
  const prefixes = runs.map(({ customerId, runId }) => ({ customerId, runId }));
  const columns = ['runId', 'entityType', 'stage', 'window', 'counts', 'stored', 'plan', 'schools'] as const;
  const rows = await reader.scanMany(runEntityTypes, prefixes, { columns });
  const byRun = Map.groupBy(rows, ({ runId }) => runId);
  return runs
    .map((run) => ({
      run,
      entityTypes: (byRun.get(run.runId) ?? []).toSorted((a, b) => (a.entityType < b.entityType ? -1 : 1)),
    }))
    .filter(({ run, entityTypes }) => wasJudged(run.state, entityTypes));
}
