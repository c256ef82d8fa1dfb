import { readReport } from '@flotilla/substrate/methods';
import { linkCustomer } from '@flotilla/substrate/report/report-links';
import { addCounts, noCounts, type RunCounts } from '@flotilla/substrate/report/run-counts';
import { blackoutOn, occurrencesAfter, startOf } from '@flotilla/substrate/settings/schedule';
import {
  type Customer,
  countOpenConflicts,
  type Integration,
  listIntegrations,
  listRuns,
  type Run,
  readRuns,
  readRunTotals,
  readStandings,
} from '@flotilla/substrate/store';
import type { Control } from '../control.ts';
import { overtakes } from './plan-notice.ts';

/** How one integration stands after a day. */
export interface IntegrationDay {
  readonly integrationId: string;
  readonly vendor: string;
  /** Of its last run, or of the last one that somebody has to do something about. */
  readonly verdict: string;
  /** What somebody should do; empty: all is well. */
  readonly needs: readonly string[];
  /** What all runs of the day came to; null where there was none. */
  readonly totals: string | null;
  /** Of the dashboard: that run, or itself. */
  readonly url: string | null;
}

/** More of each are not counted. */
const most = 1_000;
/** A run that was due is missed when it has not begun by then. */
const graceMs = 3_600_000;
/** What was asked for before, and ended in this time, is of it: the day before could say only that it was under way. */
const longestRunMs = 24 * 3_600_000;

/** All integrations of a customer, in order of their ids. */
export async function readDay(
  { store, fleet }: Pick<Control, 'store' | 'fleet'>,
  customer: Customer,
  since: string,
  until: string,
): Promise<readonly IntegrationDay[]> {
  const { customerId } = customer;
  const only = { from: customerId, to: customerId };
  const earliest = new Date(Date.parse(since) - longestRunMs).toISOString();
  const [integrations, runs, standings, conflicts] = await Promise.all([
    listIntegrations(store, { customerId, limit: most }),
    listRuns(store, { customerId, since: earliest, until, limit: most }),
    readStandings(store, only),
    countOpenConflicts(store, only),
  ]);
  const ofDay = runs.filter((run) => !run.isDryRun && (endOf(run) ?? until) >= since);
  const lastIds = standings.flatMap(({ lastRun }) => lastRun?.runId ?? []);
  const [lastRuns, totals] = await Promise.all([
    readRuns(store, customerId, lastIds),
    readRunTotals(store, customerId, [...ofDay.map(({ runId }) => runId), ...lastIds]),
  ]);
  return await Promise.all(
    integrations.map(async (integration): Promise<IntegrationDay> => {
      const { integrationId, vendor } = integration;
      const isOwn = (one: { readonly integrationId: string }) => one.integrationId === integrationId;
      const own = ofDay.filter(isOwn);
      const told = chooseRun(own, [...lastRuns.values()].find(isOwn), totals);
      const report =
        told === undefined
          ? undefined
          : await readReport(store, told, { changes: 0, problems: 0, dashboardUrl: fleet.dashboardUrl });
      const waiting = conflicts.find(isOwn)?.count ?? 0;
      const isMissed = own.length === 0 && wasDue(customer, integration, since, until);
      return {
        integrationId,
        vendor,
        verdict: report?.verdict ?? describeAbsence(integration, own),
        needs: [
          ...(told === undefined ? [] : describeNeeds(told, totals)),
          ...(waiting === 0 ? [] : [describeConflicts(waiting)]),
          ...(isMissed ? ['A run was due and has not begun: ask whoever operates Flotilla.'] : []),
        ],
        totals: describeTotals(own, totals),
        url: report?.links?.run ?? linkIntegration(fleet.dashboardUrl, integration),
      };
    }),
  );
}

type Totals = ReadonlyMap<string, RunCounts>;

/**
 * The run to tell of: the latest that needs somebody and that no later one has made good, of this time (`own`, latest first) or before (`last`);
 * else the last of this time. One that went well says nothing of what another one, of other entity types, has left undone.
 */
function chooseRun(own: readonly Run[], last: Run | undefined, totals: Totals): Run | undefined {
  const isOld = last !== undefined && !own.some(({ runId }) => runId === last.runId);
  const ended = own.filter((run) => endOf(run) !== undefined);
  const needy = [...ended, ...(isOld ? [last] : [])].find(
    (run) => describeNeeds(run, totals).length > 0 && !own.some((later) => overtakes(later, run)),
  );
  return needy ?? ended[0];
}

function endOf({ finishedAt, heldSince }: Run): string | undefined {
  return finishedAt ?? heldSince ?? undefined;
}

function describeNeeds({ state, runId }: Run, totals: Totals): readonly string[] {
  const { quarantined } = totals.get(runId) ?? noCounts;
  switch (state) {
    case 'failed':
      return ['It failed: the report says why, and what to do.'];
    case 'partial':
      return ['Not everything could be done: the report says what is left, and what to do.'];
    case 'held':
      return ['It waits until somebody approves or rejects it.'];
    case 'expired':
      return ['It was held, and nobody decided: nothing was changed.'];
    default:
      return quarantined === 0 ? [] : ['Records were left out: the report names them.'];
  }
}

function describeConflicts(count: number): string {
  return count === 1
    ? 'One field waits for a decision.'
    : `${count.toLocaleString('en-US')} fields wait for decisions.`;
}

function describeAbsence({ state }: Integration, runs: readonly Run[]): string {
  if (runs.length > 0) return 'A run is under way.';
  return state === 'active' ? 'No run in this time.' : 'Paused.';
}

function describeTotals(runs: readonly Run[], totalsById: Totals): string | null {
  if (runs.length === 0) return null;
  const totals = addCounts(...runs.map(({ runId }) => totalsById.get(runId) ?? noCounts));
  const amounts = [
    [totals.created, 'created'],
    [totals.updated, 'updated'],
    [totals.deleted, 'deleted'],
    [totals.pushCreated + totals.pushUpdated + totals.pushDeleted, 'written to the vendor'],
  ] as const;
  const told = amounts.flatMap(([count, word]) =>
    count === 0 ? [] : [`${count.toLocaleString('en-US')} ${word}`],
  );
  const some = runs.length === 1 ? 'One run' : `${runs.length} runs`;
  return `${some} in this time: ${told.length === 0 ? 'nothing had changed' : told.join(', ')}.`;
}

/** Whether the schedule would have begun a run in this time. */
function wasDue(
  { schedule, timeZone }: Customer,
  integration: Integration,
  since: string,
  until: string,
): boolean {
  if (schedule === null || integration.state !== 'active') return false;
  const created = Date.parse(integration.createdAt);
  const jitterMs = schedule.jitterMinutes * 60_000;
  for (const occurrence of occurrencesAfter(schedule, timeZone, Date.parse(since) - jitterMs)) {
    const startAt = startOf(schedule, integration, occurrence);
    if (startAt + graceMs > Date.parse(until)) return false;
    if (startAt < Date.parse(since) || startAt < created) continue;
    if (blackoutOn(schedule, occurrence.night) === undefined) return true;
  }
  return false;
}

function linkIntegration(dashboardUrl: string | undefined, { customerId, integrationId }: Integration) {
  if (dashboardUrl === undefined) return null;
  return `${linkCustomer(dashboardUrl, customerId)}/integrations/${encodeURIComponent(integrationId)}`;
}
