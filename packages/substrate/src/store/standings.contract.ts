import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { putConflicts, type StoredConflict } from './conflicts.ts';
import { putCustomer } from './customers.ts';
import { putIntegration } from './integrations.ts';
import { putOmission } from './nights.ts';
import { insertRun, type Run } from './runs.ts';
import type { Store } from './schema.ts';
import { readStandings } from './standings.ts';
import { countOpenConflicts, listEveryHeldRun, tallyNight } from './tallies.ts';

const moment = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour)).toISOString();
const night = '2026-01-01';

/** What the fleet's page and the list of customers show at a glance: on every adapter of the store. */
export function describeStandings(adapter: string, createAdapter: () => Promise<Store>): void {
  describe(`standings on ${adapter}`, () => {
    let store: Store;

    beforeEach(async () => {
      store = await createAdapter();
      await store.transaction(async (transaction) => {
        for (const customerId of ['a', 'b', 'c']) {
          putCustomer(transaction, { customerId, name: customerId, timeZone: 'UTC' }, true);
          for (const integrationId of ['first', 'second']) {
            const vendor = { vendor: 'oneroster', state: 'active', connection: {}, settings: {} };
            putIntegration(transaction, { customerId, integrationId, ...vendor }, true);
          }
        }
        for (const run of [
          {
            customerId: 'a',
            runId: 'a1',
            requestedAt: moment(1),
            finishedAt: moment(2),
            state: 'failed',
            night,
          },
          { customerId: 'a', runId: 'a2', requestedAt: moment(3), isDryRun: true },
          { customerId: 'a', runId: 'a3', requestedAt: moment(4), context: 'realtime' },
          { customerId: 'a', runId: 'a4', requestedAt: moment(5), state: 'queued', finishedAt: null, night },
          { customerId: 'a', runId: 'a5', requestedAt: moment(0), night },
          { customerId: 'a', integrationId: 'second', runId: 'a6', state: 'held', heldSince: moment(6) },
          { customerId: 'b', integrationId: 'second', runId: 'a1', requestedAt: moment(2), night },
          { customerId: 'b', runId: 'b2', requestedAt: moment(9), state: 'running', finishedAt: null },
        ] satisfies Partial<Run>[])
          insertRun(transaction, { ...someRun, ...run });
      });
    });
    afterEach(() => store.close());

    test('an integration is judged by the latest run of a whole set that has ended or is held', async () => {
      const of = (customerId: string, integrationId: string) => ({
        customerId,
        integrationId,
        vendor: 'oneroster',
        state: 'active',
      });
      const standings = await readStandings(store);
      expect(standings).toEqual([
        {
          ...of('a', 'first'),
          lastRun: { runId: 'a1', state: 'failed', requestedAt: moment(1), finishedAt: moment(2) },
        },
        {
          ...of('a', 'second'),
          lastRun: { runId: 'a6', state: 'held', requestedAt: moment(0), finishedAt: moment(0) },
        },
        { ...of('b', 'first'), lastRun: null },
        {
          ...of('b', 'second'),
          lastRun: { runId: 'a1', state: 'succeeded', requestedAt: moment(2), finishedAt: moment(0) },
        },
        { ...of('c', 'first'), lastRun: null },
        { ...of('c', 'second'), lastRun: null },
      ]);
      expect(await readStandings(store, { from: 'b', to: 'b' })).toEqual(standings.slice(2, 4));
    });

    test('a night is counted by the states of its runs and the reasons of what it left out', async () => {
      await store.transaction(async (transaction) => {
        for (const [integrationId, occurrence, reason] of [
          ['first', '', 'paused'],
          ['second', '', 'paused'],
          ['second', moment(2), 'blackout'],
        ] as const) {
          const omission = { customerId: 'c', integrationId, occurrence, reason, note: null };
          putOmission(transaction, { ...omission, night, notedAt: moment(0) });
          putOmission(transaction, { ...omission, night: '2026-01-02', notedAt: moment(0) });
        }
      });
      expect(await tallyNight(store, night)).toEqual({
        runs: { failed: 1, queued: 1, succeeded: 2 },
        leftOut: { paused: 2, blackout: 1 },
      });
      expect(await tallyNight(store, '2026-02-01')).toEqual({ runs: {}, leftOut: {} });
    });

    test('conflicts that wait for a person are counted by integration, and held runs found, of whatever customer', async () => {
      await store.transaction(async (transaction) =>
        putConflicts(transaction, [
          conflict('a', 'first', 'c1', 'open'),
          conflict('a', 'first', 'c2', 'open'),
          conflict('a', 'first', 'c3', 'decided'),
          conflict('b', 'second', 'c1', 'open'),
          conflict('c', 'first', 'c1', 'resolved'),
        ]),
      );
      const byCustomer = (a: { customerId: string }, b: { customerId: string }) =>
        a.customerId < b.customerId ? -1 : 1;
      const counted = await countOpenConflicts(store);
      expect(counted.toSorted(byCustomer)).toEqual([
        { customerId: 'a', integrationId: 'first', count: 2 },
        { customerId: 'b', integrationId: 'second', count: 1 },
      ]);
      expect(await countOpenConflicts(store, { from: 'b', to: 'c' })).toEqual([
        counted.find(({ customerId }) => customerId === 'b'),
      ]);
      expect((await listEveryHeldRun(store, 10)).map(({ runId }) => runId)).toEqual(['a6']);
    });
  });
}

const someRun: Run = {
  customerId: 'a',
  runId: 'r',
  integrationId: 'first',
  vendor: 'oneroster',
  context: 'nightly',
  method: 'nightly.run.v1',
  entityTypes: [],
  recordIds: [],
  isDryRun: false,
  reverts: null,
  night: null,
  state: 'succeeded',
  slice: 0,
  openSince: null,
  leaseToken: null,
  dueAt: null,
  requestedAt: moment(0),
  startedAt: null,
  finishedAt: moment(0),
  firstSequence: null,
  lastSequence: null,
  failure: null,
  feedCursor: null,
  feedFrom: null,
  queue: null,
  isFull: false,
  heldSince: null,
  decision: null,
  noticeDueAt: null,
  requestedBy: null,
  reason: null,
};

function conflict(
  customerId: string,
  integrationId: string,
  conflictId: string,
  state: StoredConflict['state'],
): StoredConflict {
  return {
    customerId,
    integrationId,
    entityType: 'user',
    recordId: 'u1',
    conflictId,
    pointer: '/title',
    kind: 'modify/modify',
    sides: {},
    inputs: 'inputs',
    rule: 'manual (default)',
    state,
    decision: null,
    runId: 'r',
    foundAt: moment(0),
    openSince: state === 'resolved' ? null : moment(0),
    endedByRunId: null,
    endedAt: null,
    version: 1,
  };
}
