import { readReport } from '@flotilla/substrate/methods';
import { linkCustomer } from '@flotilla/substrate/report/report-links';
import { addCounts } from '@flotilla/substrate/report/run-counts';
import { blackoutOn, occurrencesAfter, startOf } from '@flotilla/substrate/settings/schedule';
import {
  type Customer,
  type Integration,
  listIntegrations,
  listOpenConflictsOf,
  listRuns,
  type Run,
  readRunTotals,
  type Store,
} from '@flotilla/substrate/store';
import type { Control } from '../control.ts';

/** How one integration stands after a day. */
export interface IntegrationDay {
  readonly integrationId: string;
  readonly vendor: string;
  /** Of its last run. */
  readonly verdict: string;
  /** What somebody should do; empty: all is well. */
  readonly needs: readonly string[];
  /** What all runs of the day came to; null where there was none. */
  readonly totals: string | null;
  /** Of the dashboard: its last run, or itself. */
  readonly url: string | null;
}

/** More of each are not counted. */
const most = 1_000;
/** A run that was due is missed when it has not begun by then. */
const graceMs = 3_600_000;

/** All integrations of a customer, in order of their ids. */
export async function readDay(
  { store, fleet }: Pick<Control, 'store' | 'fleet'>,
  customer: Customer,
  since: string,
  until: string,
): Promise<readonly IntegrationDay[]> {
  const { customerId } = customer;
  const [integrations, runs] = await Promise.all([
    listIntegrations(store, { customerId, limit: most }),
    listRuns(store, { customerId, since, until, limit: most }),
  ]);
  const days: IntegrationDay[] = [];
  for (const integration of integrations) {
    const own = runs.filter((run) => run.integrationId === integration.integrationId && !run.isDryRun);
    const ended = own.find(({ finishedAt, state }) => finishedAt !== null || state === 'held');
    const report =
      ended === undefined
        ? undefined
        : await readReport(store, ended, { changes: 0, problems: 0, dashboardUrl: fleet.dashboardUrl });
    const conflicts = await listOpenConflictsOf(store, keyOf(integration), undefined, most);
    const isMissed = own.length === 0 && wasDue(customer, integration, since, until);
    days.push({
      integrationId: integration.integrationId,
      vendor: integration.vendor,
      verdict: report?.verdict ?? describeAbsence(integration, own),
      needs: [
        ...(ended === undefined ? [] : describeNeeds(ended, report?.totals.quarantined ?? 0)),
        ...(conflicts.length === 0 ? [] : [describeConflicts(conflicts.length)]),
        ...(isMissed ? ['A run was due and has not begun: ask whoever operates Flotilla.'] : []),
      ],
      totals: await describeTotals(store, own),
      url: report?.links?.run ?? linkIntegration(fleet.dashboardUrl, integration),
    });
  }
  return days;
}

function describeNeeds({ state }: Run, quarantined: number): readonly string[] {
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
  const amount = count >= most ? `${most.toLocaleString('en-US')} or more` : count.toLocaleString('en-US');
  return count === 1 ? 'One field waits for a decision.' : `${amount} fields wait for decisions.`;
}

function describeAbsence({ state }: Integration, runs: readonly Run[]): string {
  if (runs.length > 0) return 'A run is under way.';
  return state === 'active' ? 'No run in this time.' : 'Paused.';
}

async function describeTotals(store: Store, runs: readonly Run[]): Promise<string | null> {
  const [first] = runs;
  if (first === undefined) return null;
  const ids = runs.map(({ runId }) => runId);
  const totals = addCounts(...(await readRunTotals(store, first.customerId, ids)).values());
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

function keyOf({ customerId, integrationId }: Integration) {
  return { customerId, integrationId };
}
