import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { ServiceStage } from '@flotilla/substrate/testing/service-stage';
import { describe, expect, test } from 'vitest';
import { openControl, register, runNight } from './control.fixture.ts';
import { controlMethods } from './service.ts';

const roles = ['admin', 'orchestrator', 'scheduler', 'viewer'] as const;

/** Methods that are about the whole fleet, each for a reason. */
const fleetWide: Readonly<Record<string, string>> = {
  'customers.list.v1': 'lists the customers themselves',
  'nightly.run.v1': 'begins the night of all customers',
  'nightly.get.v1': 'shows the night of all customers',
};

/** Every method with what customer A would say to reach what is customer B's. */
function asAnother(wireName: string, runId: string): JsonObject {
  const theirs = { customerId: 'customer-a', integrationId: 'b-rosters' };
  const byMethod: Readonly<Record<string, JsonObject>> = {
    'credentials.put.v1': { ...theirs, credential: { clientSecret: 'planted' } },
    'settings.get.v1': theirs,
    'settings.put.v1': { ...theirs, settings: { disabledEntityTypes: ['user'] } },
    'runs.get.v1': { customerId: 'customer-a', runId },
    'runs.list.v1': { customerId: 'customer-a', after: runId },
    'runs.report.v1': { customerId: 'customer-a', runId },
  };
  const params = byMethod[wireName];
  if (params === undefined) throw new Error(`${wireName} is new: say here how another customer would try it`);
  return params;
}

/** What customer B has, as control tells it. */
async function lookAtB(stage: ServiceStage, runId: string) {
  const integration = { customerId: 'customer-b', integrationId: 'b-rosters' };
  return {
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
  return { stage, runId: run?.runId as string };
}

describe('a customer', () => {
  test('is named by every call, but for calls about the whole fleet', () => {
    const unnamed = controlMethods.filter(
      ({ params }) => params.shape.customerId?.safeParse(undefined).success !== false,
    );
    expect(unnamed.map(({ wireName }) => wireName).toSorted()).toEqual(Object.keys(fleetWide).toSorted());
  });

  test("cannot be reached by naming another one's ids: no method shows or changes what is not the named customer's", async () => {
    const { stage, runId } = await openWithTwoCustomers();
    const before = await lookAtB(stage, runId);
    const { length } = stage.enqueued;

    for (const { wireName, params } of controlMethods) {
      const takesIds = 'runId' in params.shape || 'integrationId' in params.shape || 'after' in params.shape;
      // Under an id that customer B uses, customer A may well register something of its own.
      if (!takesIds || wireName in fleetWide || wireName === 'integrations.put.v1') continue;
      const { error, result } = await stage.call(wireName, asAnother(wireName, runId));
      expect(result, wireName).toBeUndefined();
      expect(error?.data.code, wireName).toBe('not_found');
      expect(JSON.stringify(error), wireName).not.toContain('customer-b');
    }

    expect(await lookAtB(stage, runId)).toEqual(before);
    expect(stage.enqueued).toHaveLength(length);
  });

  test('may use an integration id that another one uses, and has an integration of its own under it', async () => {
    const { stage, runId } = await openWithTwoCustomers();
    const before = await lookAtB(stage, runId);
    const mine = { customerId: 'customer-a', integrationId: 'b-rosters' };

    const connected = { ...mine, vendor: 'clever', connection: { baseUrl: 'https://a.example' } };
    expect(await stage.result('integrations.put.v1', connected)).toMatchObject({ created: true });
    await stage.result('credentials.put.v1', { ...mine, credential: { clientSecret: 'of customer a' } });
    await stage.result('settings.put.v1', { ...mine, settings: { disabledEntityTypes: ['user'] } });

    expect(await lookAtB(stage, runId)).toEqual(before);
    expect(await stage.openCredential('vendor', 'customer-a', 'b-rosters')).toEqual({
      clientSecret: 'of customer a',
    });
  });

  test.each(['integrations.list.v1', 'runs.list.v1', 'schedule.preview.v1'])(
    "sees nothing of another one's in %s",
    async (method) => {
      const { stage, runId } = await openWithTwoCustomers();

      const answer = JSON.stringify(await stage.result(method, { customerId: 'customer-a' }));

      expect(answer).toContain('a-rosters');
      expect(answer).not.toContain('b-rosters');
      expect(answer).not.toContain(runId);
    },
  );

  test('gets nothing by naming the integration of another in the filter of its own runs', async () => {
    const { stage } = await openWithTwoCustomers();
    const params = { customerId: 'customer-a', integrationId: 'b-rosters' };
    expect(await stage.result('runs.list.v1', params)).toEqual({ runs: [], next: null });
  });
});

describe('roles', () => {
  const table = controlMethods.flatMap(({ wireName, roles: allowed }) =>
    roles.map((role) => ({ wireName, role, isAllowed: allowed.includes(role) })),
  );

  test('open and close every method as it says, before its parameters are looked at', async () => {
    const stage = await openControl();
    for (const { wireName, role, isAllowed } of table) {
      const { error } = await stage.call(wireName, { noSuchParameter: 1 }, role);
      expect(error?.data.code, `${wireName} as ${role}`).toBe(isAllowed ? 'invalid_params' : 'forbidden');
    }
  });

  test('that only read or only start cannot write: what changes customers, connections and secrets is the admin’s', () => {
    const writing = controlMethods.filter(({ name }) => name.endsWith('.put'));
    expect(writing.map(({ wireName }) => wireName)).toEqual([
      'customers.put.v1',
      'integrations.put.v1',
      'credentials.put.v1',
      'settings.put.v1',
    ]);
    for (const { wireName, roles: allowed } of writing) expect(allowed, wireName).toEqual(['admin']);
    const viewers = controlMethods.filter(({ roles: allowed }) => allowed.includes('viewer'));
    expect(viewers.filter(({ name }) => !/\.(get|list|report|preview)$/.test(name))).toEqual([]);
  });

  test('of machines open no method at all', async () => {
    const stage = await openControl();
    for (const { wireName } of controlMethods) {
      for (const role of ['tasks', 'push'] as const) {
        const { error } = await stage.call(wireName, {}, role);
        expect(error?.data.code, `${wireName} as ${role}`).toBe('forbidden');
      }
    }
  });
});
