import { CountsView, JsonMembers, RunView, viewRun } from '@flotilla/substrate/methods';
import { noCounts } from '@flotilla/substrate/report/run-counts';
import { IntegrationSettings } from '@flotilla/substrate/settings/integration-settings';
import {
  type Customer,
  countOpenConflicts,
  type Integration,
  listRuns,
  omissionReasons,
  type Run,
  readRuns,
  readRunTotals,
  readStandings,
} from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { findNextStart } from '../next-start.ts';

export const IntegrationState = z.enum(['active', 'paused']);

export const IntegrationView = z.strictObject({
  customerId: z.string(),
  integrationId: z.string(),
  vendor: z.string(),
  state: IntegrationState,
  connection: JsonMembers,
  settings: IntegrationSettings,
  settingsVersion: z.int().min(0),
  createdAt: z.string(),
  lastRun: RunView.extend({
    totals: CountsView.describe('All entity types together'),
  })
    .nullable()
    .describe('The latest that says how it is: ended or held, no dry run, and not of single records'),
  currentRun: RunView.nullable().describe(
    'The one under way, or else the first that waits, of whatever kind',
  ),
  openConflicts: z.int().min(0).describe('How many wait for a person'),
  nextStart: z.iso
    .datetime()
    .nullable()
    .describe('When the night comes to it next; null: it is left out, or its customer has no schedule'),
  leftOut: z.enum(omissionReasons).nullable().describe('Why it gets no run at night, as things stand'),
});

/** Of a customer, which may still wait in a queue. */
const mostUnderWay = 500;

/** Integrations of one customer as people see them, each with how it is. In a few reads, however many they are. */
export async function viewIntegrations(
  control: Control,
  customer: Customer,
  integrations: readonly Integration[],
): Promise<z.input<typeof IntegrationView>[]> {
  const { store } = control;
  const { customerId } = customer;
  const only = { from: customerId, to: customerId };
  const [standings, underWay, conflicts] = await Promise.all([
    readStandings(store, only),
    listRuns(store, { customerId, states: ['running', 'queued'], limit: mostUnderWay }),
    countOpenConflicts(store, only),
  ]);
  const runIds = new Map(standings.map(({ integrationId, lastRun }) => [integrationId, lastRun?.runId]));
  const wanted = integrations.flatMap(({ integrationId }) => runIds.get(integrationId) ?? []);
  const [lastRuns, totals] = await Promise.all([
    readRuns(store, customerId, wanted),
    readRunTotals(store, customerId, wanted),
  ]);
  return integrations.map((integration) => {
    const { integrationId, settings, state, ...rest } = integration;
    const lastRun = lastRuns.get(runIds.get(integrationId) ?? '');
    const current = currentOf(underWay.filter((run) => run.integrationId === integrationId));
    const { at, leftOut } = findNextStart(control, customer, integration);
    return {
      ...rest,
      integrationId,
      state: IntegrationState.parse(state),
      settings: IntegrationSettings.parse(settings),
      lastRun:
        lastRun === undefined ? null : { ...viewRun(lastRun), totals: totals.get(lastRun.runId) ?? noCounts },
      currentRun: current === undefined ? null : viewRun(current),
      openConflicts: conflicts.find((one) => one.integrationId === integrationId)?.count ?? 0,
      nextStart: at === null ? null : new Date(at).toISOString(),
      leftOut,
    };
  });
}

/** Runs of one integration work one after the other; `latestFirst` they are listed. */
function currentOf(latestFirst: readonly Run[]): Run | undefined {
  return latestFirst.find(({ state }) => state === 'running') ?? latestFirst.at(-1);
}
