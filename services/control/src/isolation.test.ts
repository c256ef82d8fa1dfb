import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { AnyMethod } from '@flotilla/substrate/rpc';
import { putConflicts, type StoredConflict, updateRun } from '@flotilla/substrate/store';
import type { ServiceStage } from '@flotilla/substrate/testing/service-stage';
import { describe, expect, test } from 'vitest';
import { openControl, register, runNight } from './control.fixture.ts';
import type { Control } from './control.ts';
import { controlMethods } from './service.ts';

/** As what they have in common. */
const methods: readonly AnyMethod<Control>[] = controlMethods;

const roles = ['admin', 'orchestrator', 'scheduler', 'viewer'] as const;

/** Methods that are about the whole fleet, each for a reason. */
const fleetWide: Readonly<Record<string, string>> = {
  'customers.list.v1': 'lists the customers themselves',
  'fleet.get.v1': 'shows how all services are, and counts over all customers',
  'vendors.list.v1': 'tells which vendors there are',
  'vendors.get.v1': 'describes a vendor',
  'nightly.run.v1': 'begins the night of all customers',
  'nightly.get.v1': 'shows the night of all customers',
  'notifications.flush.v1': 'sends what waits to be sent, to whomever',
  'audit.list.v1': 'shows what was done in the whole fleet where no customer is named',
  'deadLetters.list.v1': 'shows what waits in the queues that all customers share',
  'deadLetters.replay.v1': 'names a queue and what is in it; noted for the customer whose it was',
  'deadLetters.discard.v1': 'the same',
  'session.get.v1': 'tells callers who they are',
  'signIn.createLink.v1': 'lets a person in to the dashboard, which shows all customers',
};

/** What customer B has, by its ids. */
interface TheirIds {
  readonly runId: string;
  readonly recordId: string;
  readonly conflictId: string;
  readonly inputs: string;
}

/** Under an id that customer B uses, customer A may well register something of its own; an audit entry to go on after is only a moment. */
const ownIds: readonly string[] = ['integrations.put.v1', 'audit.list.v1'];

/** By which a method reaches what is a customer's. */
const idNames = ['runId', 'integrationId', 'after', 'decisions'];

/** Every method with what customer A would say to reach what is customer B's. */
function asAnother(wireName: string, { runId, ...ids }: TheirIds): JsonObject {
  const theirs = { customerId: 'customer-a', integrationId: 'b-rosters' };
  const record = { ...theirs, entityType: 'category', recordId: ids.recordId };
  const byMethod: Readonly<Record<string, JsonObject>> = {
    'integrations.get.v1': theirs,
    'integrations.check.v1': theirs,
    'runs.start.v1': theirs,
    'credentials.put.v1': { ...theirs, credential: { clientSecret: 'planted' } },
    'settings.get.v1': theirs,
    'settings.try.v1': { ...theirs, entityType: 'category', settings: {}, recordIds: [ids.recordId] },
    'settings.tryLimits.v1': { ...theirs, limits: {} },
    'settings.put.v1': { ...theirs, settings: { disabledEntityTypes: ['user'] } },
    'records.get.v1': record,
    'records.list.v1': { ...theirs, entityType: 'category', values: true },
    'records.history.v1': { ...record, values: true },
    'records.put.v1': { ...record, value: { status: 'active', title: 'planted' } },
    'records.delete.v1': record,
    'conflicts.list.v1': { customerId: 'customer-a', after: ids.conflictId },
    'conflicts.resolve.v1': {
      customerId: 'customer-a',
      decisions: [{ conflictId: ids.conflictId, inputs: ids.inputs, choice: 'theirs' }],
      apply: true,
    },
    'runs.plan.v1': { customerId: 'customer-a', runId },
    'runs.changes.v1': { customerId: 'customer-a', runId },
    'runs.approve.v1': { customerId: 'customer-a', runId },
    'runs.reject.v1': { customerId: 'customer-a', runId, reason: 'planted' },
    'runs.revert.v1': { customerId: 'customer-a', runId },
    'runs.get.v1': { customerId: 'customer-a', runId },
    'runs.list.v1': { customerId: 'customer-a', after: runId },
    'runs.report.v1': { customerId: 'customer-a', runId },
  };
  const params = byMethod[wireName];
  if (params === undefined) throw new Error(`${wireName} is new: say here how another customer would try it`);
  return params;
}

/** What customer B has, as control tells it. */
async function lookAtB(stage: ServiceStage, { runId }: TheirIds) {
  const integration = { customerId: 'customer-b', integrationId: 'b-rosters' };
  const params = { ...integration, entityType: 'category', values: true };
  return {
    records: await stage.result('records.list.v1', params),
    conflicts: await stage.result('conflicts.list.v1', { customerId: 'customer-b' }),
    audit: await stage.result('audit.list.v1', { customerId: 'customer-b' }),
    integrations: await stage.result('integrations.list.v1', { customerId: 'customer-b' }),
    settings: await stage.result('settings.get.v1', integration),
    run: await stage.result('runs.get.v1', { customerId: 'customer-b', runId }),
    credential: await stage.openCredential('vendor', 'customer-b', 'b-rosters'),
  };
}

async function openWithTwoCustomers() {
  const stage = await openControl();
  await register(stage, 'customer-a', ['a-rosters']);
  await register(stage, 'customer-b', ['b-rosters']);
  const credential = { clientSecret: 'of customer b' };
  await stage.result('credentials.put.v1', {
    customerId: 'customer-b',
    integrationId: 'b-rosters',
    credential,
  });
  await runNight(stage, '2026-01-01');
  const { runs } = await stage.result('runs.list.v1', { customerId: 'customer-b' });
  const [run] = runs as readonly JsonObject[];
  const runId = run?.runId as string;
  const record = {
    customerId: 'customer-b',
    integrationId: 'b-rosters',
    entityType: 'category',
    recordId: 'of-b',
  };
  await stage.result('records.put.v1', { ...record, value: { status: 'active', title: 'Of customer B' } });
  const conflict = conflictOfB(runId);
  await stage.store.transaction(async (transaction) => {
    putConflicts(transaction, [conflict]);
    // Held, as far as the decision on it goes.
    updateRun(
      transaction,
      { customerId: 'customer-b', runId },
      { state: 'held', heldSince: conflict.foundAt },
    );
  });
  const { conflictId, inputs } = conflict;
  return { stage, ids: { runId, recordId: 'of-b', conflictId, inputs } };
}

function conflictOfB(runId: string): StoredConflict {
  const foundAt = '2026-01-01T00:00:00.000Z';
  return {
    customerId: 'customer-b',
    integrationId: 'b-rosters',
    entityType: 'category',
    recordId: 'of-b',
    conflictId: 'conflict-of-b',
    pointer: '/title',
    kind: 'modify/modify',
    sides: { ours: 'Of customer B', theirs: 'Of the vendor of B' },
    inputs: 'inputs-of-b',
    rule: 'manual (default)',
    state: 'open',
    decision: null,
    runId,
    foundAt,
    openSince: foundAt,
    endedByRunId: null,
    endedAt: null,
    version: 1,
  };
}

describe('a customer', () => {
  test('is named by every call, but for calls about the whole fleet', () => {
    const unnamed = methods.filter(
      ({ params }) => params.shape.customerId?.safeParse(undefined).success !== false,
    );
    expect(unnamed.map(({ wireName }) => wireName).toSorted()).toEqual(Object.keys(fleetWide).toSorted());
  });

  test("cannot be reached by naming another one's ids: no method shows or changes what is not the named customer's", async () => {
    const { stage, ids } = await openWithTwoCustomers();
    const before = await lookAtB(stage, ids);
    const { length } = stage.enqueued;

    for (const { wireName, params } of methods) {
      const takesIds = idNames.some((name) => name in params.shape);
      if (!takesIds || wireName in fleetWide || ownIds.includes(wireName)) continue;
      const { error, result } = await stage.call(wireName, asAnother(wireName, ids));
      expect(result, wireName).toBeUndefined();
      expect(error?.data.code, wireName).toBe('not_found');
      expect(JSON.stringify(error), wireName).not.toContain('customer-b');
    }

    expect(await lookAtB(stage, ids)).toEqual(before);
    expect(stage.enqueued).toHaveLength(length);
  });

  test('that is not there is told of by every method that names one, not shown as one that has nothing', async () => {
    const stage = await openControl();
    const ids = {
      runId: '00000000-0000-4000-8000-000000000000',
      recordId: 'no-record',
      conflictId: 'no-conflict',
      inputs: 'none',
    };
    const connected = { vendor: 'clever', connection: { baseUrl: 'https://a.example' } };
    const others: Readonly<Record<string, JsonObject>> = {
      'integrations.put.v1': connected,
      'notifications.put.v1': { recipients: [] },
      'audit.list.v1': {},
    };
    for (const { wireName, params } of methods) {
      if (!('customerId' in params.shape) || wireName === 'customers.put.v1') continue;
      const takesIds = idNames.some((name) => name in params.shape);
      const said = others[wireName] ?? (takesIds ? asAnother(wireName, ids) : {});
      const { error } = await stage.call(wireName, { ...said, customerId: 'springfeild' });
      expect(error?.data.code, wireName).toBe('not_found');
      // A run or conflict is looked for by its own id; all else says whose id is wrong, and how to find the right one.
      if ('runId' in said || 'decisions' in said) continue;
      const advice = expect.stringContaining('customers.list');
      expect(error, wireName).toMatchObject({ message: 'No such customer', data: { advice } });
    }
  });

  test('may use an integration id that another one uses, and has an integration of its own under it', async () => {
    const { stage, ids } = await openWithTwoCustomers();
    const before = await lookAtB(stage, ids);
    const mine = { customerId: 'customer-a', integrationId: 'b-rosters' };

    const connected = { ...mine, vendor: 'clever', connection: { baseUrl: 'https://a.example' } };
    expect(await stage.result('integrations.put.v1', connected)).toMatchObject({ created: true });
    await stage.result('credentials.put.v1', { ...mine, credential: { clientSecret: 'of customer a' } });
    await stage.result('settings.put.v1', { ...mine, settings: { disabledEntityTypes: ['user'] } });

    expect(await lookAtB(stage, ids)).toEqual(before);
    expect(await stage.openCredential('vendor', 'customer-a', 'b-rosters')).toEqual({
      clientSecret: 'of customer a',
    });
  });

  test.each(['integrations.list.v1', 'runs.list.v1', 'schedule.preview.v1'])(
    "sees nothing of another one's in %s",
    async (method) => {
      const { stage, ids } = await openWithTwoCustomers();

      const answer = JSON.stringify(await stage.result(method, { customerId: 'customer-a' }));
      const own = JSON.stringify(await stage.result(method, { customerId: 'customer-b' }));

      expect(own).toContain('b-rosters');
      expect(answer).not.toContain('b-rosters');
      for (const id of Object.values(ids)) expect(answer, id).not.toContain(id);
    },
  );

  test('cannot decide on one of its own conflicts and one of another customer together', async () => {
    const { stage, ids } = await openWithTwoCustomers();
    const before = await lookAtB(stage, ids);
    const own = { ...conflictOfB(ids.runId), customerId: 'customer-a', integrationId: 'a-rosters' };
    await stage.store.transaction(async (transaction) =>
      putConflicts(transaction, [{ ...own, conflictId: 'conflict-of-a' }]),
    );

    const { error } = await stage.call('conflicts.resolve.v1', {
      customerId: 'customer-a',
      decisions: ['conflict-of-a', ids.conflictId].map((conflictId) => ({
        conflictId,
        inputs: ids.inputs,
        choice: 'ours',
      })),
    });

    expect(error?.data).toMatchObject({ code: 'not_found', conflictId: ids.conflictId });
    expect(await lookAtB(stage, ids)).toEqual(before);
    expect(await stage.result('conflicts.list.v1', { customerId: 'customer-a' })).toMatchObject({
      conflicts: [{ conflictId: 'conflict-of-a', state: 'open' }],
    });
  });

  test('gets nothing by naming the integration of another in the filter of its own runs', async () => {
    const { stage } = await openWithTwoCustomers();
    const params = { customerId: 'customer-a', integrationId: 'b-rosters' };
    // As for an id that nobody has: an empty list would say that the integration is there and has never run.
    const nobodys = await stage.call('runs.list.v1', { ...params, integrationId: 'nobodys' });
    const { error } = await stage.call('runs.list.v1', params);
    expect(error).toMatchObject({ message: 'No such integration', data: { code: 'not_found', ...params } });
    expect(nobodys.error).toMatchObject({ message: error?.message, data: { code: 'not_found' } });
  });

  test('gets nothing by naming the run of another in the filter of its own conflicts', async () => {
    const { stage, ids } = await openWithTwoCustomers();
    const params = { customerId: 'customer-a', runId: ids.runId };
    expect((await stage.call('conflicts.list.v1', params)).error?.data.code).toBe('not_found');
  });
});

describe('roles', () => {
  const reading = /\.(get|list|history|report|plan|changes|preview|check|try|tryLimits)$/;
  const table = methods.flatMap(({ wireName, roles: allowed }) =>
    roles.map((role) => ({ wireName, role, isAllowed: allowed.includes(role) })),
  );

  test('open and close every method as it says, before its parameters are looked at', async () => {
    const stage = await openControl();
    for (const { wireName, role, isAllowed } of table) {
      const { error } = await stage.call(wireName, { noSuchParameter: 1 }, role);
      expect(error?.data.code, `${wireName} as ${role}`).toBe(isAllowed ? 'invalid_params' : 'forbidden');
    }
  });

  test('that only read or only start cannot write or decide: only the admin does, and programs edit records', () => {
    const writing = methods.filter(({ name }) => !reading.test(name));
    const rolesByMethod = Object.fromEntries(
      writing.map(({ wireName, roles: allowed }) => [wireName, allowed]),
    );
    expect(rolesByMethod).toEqual({
      'customers.put.v1': ['admin'],
      'integrations.put.v1': ['admin'],
      'credentials.put.v1': ['admin'],
      'settings.put.v1': ['admin'],
      'notifications.put.v1': ['admin'],
      'notifications.test.v1': ['admin'],
      // Nothing is decided by it but that mails are sent a little sooner.
      'notifications.flush.v1': ['admin', 'orchestrator', 'scheduler'],
      'nightly.run.v1': ['admin', 'orchestrator', 'scheduler'],
      'runs.start.v1': ['admin', 'orchestrator'],
      'runs.approve.v1': ['admin'],
      'runs.reject.v1': ['admin'],
      'runs.revert.v1': ['admin'],
      // What records say is the business of the customer's own programs; what becomes of it at the vendor is that of the settings.
      'records.put.v1': ['admin', 'orchestrator'],
      'records.delete.v1': ['admin', 'orchestrator'],
      'conflicts.resolve.v1': ['admin'],
      // Nothing is decided by these but that work which was given up is done after all, or not.
      'deadLetters.replay.v1': ['admin', 'orchestrator'],
      'deadLetters.discard.v1': ['admin', 'orchestrator'],
      'signIn.createLink.v1': ['admin'],
    });
  });

  test('let a viewer read everything, and do nothing', () => {
    for (const { wireName, name, roles: allowed } of methods)
      expect(allowed.includes('viewer'), wireName).toBe(reading.test(name));
  });

  test('of machines open no method at all', async () => {
    const stage = await openControl();
    for (const { wireName } of methods) {
      for (const role of ['tasks', 'push'] as const) {
        const { error } = await stage.call(wireName, {}, role);
        expect(error?.data.code, `${wireName} as ${role}`).toBe('forbidden');
      }
    }
  });
});
