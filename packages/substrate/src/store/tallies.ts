import type { Reader } from '../orm/database.ts';
import { omissions } from './nights.ts';
import { type Run, runs } from './runs.ts';
import type { StoreSchema } from './schema.ts';
import type { CustomerRange } from './standings.ts';

/** How many of each, by name; names without any are left out. */
export type Tally = Readonly<Record<string, number>>;

/** A night in numbers. */
export interface NightTally {
  /** By state. */
  readonly runs: Tally;
  /** Occurrences of schedules that began nothing, by reason. */
  readonly leftOut: Tally;
}

export async function tallyNight(reader: Reader, night: string): Promise<NightTally> {
  const prefix = { night };
  const [begun, leftOut] = await Promise.all([
    reader.scan(runs, { index: 'runs_by_night', prefix, columns: ['state'] }),
    reader.scan(omissions, { index: 'omissions_by_night', prefix, columns: ['reason'] }),
  ]);
  return {
    runs: tally(begun.map(({ state }) => state)),
    leftOut: tally(leftOut.map(({ reason }) => reason)),
  };
}

/** Pure. */
export function tally(names: Iterable<string>): Tally {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Conflicts that wait for a person. */
export interface OpenConflicts {
  readonly customerId: string;
  readonly integrationId: string;
  readonly count: number;
}

/** Of each integration that has any. */
export function countOpenConflicts(
  reader: Reader<StoreSchema>,
  range?: CustomerRange,
): Promise<readonly OpenConflicts[]> {
  return reader.query((q) => {
    const all = q
      .selectFrom('conflicts')
      .select(({ fn }) => ['customerId', 'integrationId', fn.countAll<number>().as('count')])
      // The index has no others.
      .where('openSince', 'is not', null)
      .where('state', '=', 'open')
      .groupBy(['customerId', 'integrationId']);
    return range === undefined
      ? all
      : all.where('customerId', '>=', range.from).where('customerId', '<=', range.to);
  });
}

/** Runs of whatever customer that wait for a person, in order of customer, longest first. */
export function listEveryHeldRun(reader: Reader, limit: number): Promise<readonly Run[]> {
  return reader.scan(runs, { index: 'runs_held', limit });
}
