import { describe, expect, onTestFinished, test } from 'vitest';
import type { JsonObject } from '../json/json-value.ts';
import type { EntityType } from '../model/entity-types.ts';
import { paperCredential, paperSchool } from '../pipeline/paper-school.fixture.ts';
import { createPipelineFixture } from '../pipeline/pipeline.fixture.ts';
import { changes } from '../store/changes.ts';
import { putCustomer } from '../store/customers.ts';
import { putCredential, putIntegration } from '../store/integrations.ts';
import { readRunEntityTypes, runs } from '../store/runs.ts';
import { openServiceStage, type ServiceStage } from '../testing/service-stage.ts';
import { vendorMethods, vendorService } from './vendor-service.ts';

const theirs = { customerId: 'customer-b', integrationId: 'paper-school' };

/** The vendor's service with one integration of customer B and none of customer A. */
async function openStage(): Promise<ServiceStage> {
  const stage = await openServiceStage(vendorService(paperSchool));
  onTestFinished(() => stage.close());
  await stage.store.transaction(async (transaction) => {
    for (const customerId of ['customer-a', 'customer-b'])
      putCustomer(transaction, { customerId, name: customerId, timeZone: 'UTC' }, true);
    const rest = { connection: { baseUrl: 'https://vendor.invalid' }, settings: { disabledEntityTypes: [] } };
    putIntegration(transaction, { ...theirs, vendor: 'paper-school', state: 'active', ...rest }, true);
  });
  return stage;
}

/** How customer A would try to reach what is customer B's. */
function asAnother(wireName: string, runId: string): JsonObject {
  const integration = { customerId: 'customer-a', integrationId: theirs.integrationId };
  const byMethod: Readonly<Record<string, JsonObject>> = {
    'rosters.sync.v1': integration,
    'connection.check.v1': integration,
    'keys.rotate.v1': integration,
    'runs.get.v1': { customerId: 'customer-a', runId },
  };
  const params = byMethod[wireName];
  if (params === undefined) throw new Error(`${wireName} is new: say here how another customer would try it`);
  return params;
}

const methods = vendorMethods(paperSchool);
const ofTheVendor: ReadonlySet<string> = new Set(['vendor.describe', 'keys.rewrap']);

describe("a vendor's service", () => {
  test('has a sync for each family that the vendor has, and no other', () => {
    expect(methods.map(({ wireName }) => wireName)).toEqual([
      'rosters.sync.v1',
      'connection.check.v1',
      'vendor.describe.v1',
      'runs.get.v1',
      'keys.rotate.v1',
      'keys.rewrap.v1',
    ]);
  });

  test('has every call name the customer, but for what is of the vendor as a whole: its description and its key', () => {
    const unnamed = methods.filter(
      ({ params }) => params.shape.customerId?.safeParse(undefined).success !== false,
    );
    expect(unnamed.map(({ wireName }) => wireName)).toEqual(['vendor.describe.v1', 'keys.rewrap.v1']);
  });

  test("shows and starts nothing of another customer's, whatever ids are named", async () => {
    const stage = await openStage();
    const { runId } = await stage.result('rosters.sync.v1', theirs);
    const before = await stage.store.scan(runs);
    const { length } = stage.enqueued;

    for (const { wireName } of methods.filter(({ name }) => !ofTheVendor.has(name))) {
      const { error, result } = await stage.call(wireName, asAnother(wireName, runId as string));
      expect(result, wireName).toBeUndefined();
      expect(error?.data.code, wireName).toBe('not_found');
      expect(JSON.stringify(error), wireName).not.toContain('customer-b');
    }

    expect(await stage.store.scan(runs)).toEqual(before);
    expect(stage.enqueued).toHaveLength(length);
  });

  test('starts one run for one idempotency key, on the queue of its context', async () => {
    const stage = await openStage();
    const params = { ...theirs, context: 'realtime', idempotencyKey: 'order-7' };

    const first = await stage.result('rosters.sync.v1', params);
    const second = await stage.result('rosters.sync.v1', params);

    expect(first.created).toBe(true);
    expect(second).toEqual({ runId: first.runId, created: false });
    expect(await stage.pending('paper-school-realtime')).toBe(1);
  });

  test.each([
    [{ entityTypes: ['result'] }, '/entityTypes/0'],
    [{ entityTypes: [] }, '/entityTypes'],
    [{ context: 'daily' }, '/context'],
    [{ idempotencyKey: '' }, '/idempotencyKey'],
  ])('refuses to sync %j', async (wrong, pointer) => {
    const stage = await openStage();
    expect((await stage.call('rosters.sync.v1', { ...theirs, ...wrong })).error?.data).toMatchObject({
      code: 'invalid_params',
      issues: [{ pointer }],
    });
    expect(stage.enqueued).toEqual([]);
  });
});

describe("an integration's settings", () => {
  test.each<[string, EntityType[], string[]]>([
    ['the vendor has', ['user'], ['org']],
    ['nobody has', ['result'], ['org', 'user']],
    ['there are', ['org', 'user'], []],
  ])(
    'keep the entity types from being synced that they switch off: of those that %s',
    async (_name, disabled, synced) => {
      const fixture = await createPipelineFixture();
      onTestFinished(() => fixture.close());
      const { store } = fixture.platform;
      await store.transaction(async (transaction) => {
        const connection = { baseUrl: fixture.school.origin };
        const settings = { disabledEntityTypes: disabled };
        const integration = {
          customerId: 'springfield',
          integrationId: 'paper-school',
          vendor: 'paper-school',
        };
        putIntegration(transaction, { ...integration, state: 'active', connection, settings }, false);
      });

      const { run } = await fixture.sync();

      expect(run.state).toBe('succeeded');
      expect([...(await readRunEntityTypes(store, run.customerId, run.runId)).keys()]).toEqual(synced);
      const changed = (await store.scan(changes)).map(({ entityType }) => entityType);
      expect([...new Set(changed)]).toEqual(synced);
    },
  );

  test('leave what is stored of an entity type alone when they switch it off', async () => {
    const fixture = await createPipelineFixture();
    onTestFinished(() => fixture.close());
    await fixture.sync();
    const { store } = fixture.platform;
    await store.transaction(async (transaction) => {
      const integration = {
        customerId: 'springfield',
        integrationId: 'paper-school',
        vendor: 'paper-school',
      };
      const settings = { disabledEntityTypes: ['user' as const] };
      const connection = { baseUrl: fixture.school.origin };
      putIntegration(transaction, { ...integration, state: 'active', connection, settings }, false);
      putCredential(transaction, 'springfield', 'paper-school', paperCredential);
    });
    fixture.school.data.users.length = 0;

    const { run } = await fixture.sync();

    expect(run).toMatchObject({ state: 'succeeded', lastSequence: 6 });
    expect(fixture.school.requests('GET /users page=1')).toHaveLength(1);
  });
});
