import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../json/json-value.ts';
import { paperSchool } from '../../pipeline/paper-school.fixture.ts';
import { createPipelineFixture, owner, type PipelineFixture } from '../../pipeline/pipeline.fixture.ts';
import { createCall } from '../../rpc/call.fixture.ts';
import { createDispatcher } from '../../rpc/create-dispatcher.ts';
import { readRun } from '../../store/runs.ts';
import { vendorMethods } from '../vendor-service.ts';

let fixture: PipelineFixture;

beforeEach(async () => {
  fixture = await createPipelineFixture();
});
afterEach(() => fixture.close());

async function call(method: string, params: JsonObject) {
  const dispatch = createDispatcher({
    service: 'paper-school',
    version: '1',
    methods: vendorMethods(paperSchool),
    context: fixture.worker,
  });
  return (await dispatch({ jsonrpc: '2.0', id: 1, method, params }, createCall())) as {
    readonly result?: JsonObject;
    readonly error?: { readonly data: JsonObject };
  };
}

async function sync(params: JsonObject = {}) {
  const { result } = await call('rosters.sync.v1', { ...owner, ...params });
  return result as { readonly runId: string; readonly created: boolean };
}

describe('a dry run', () => {
  test('is asked for by `dryRun`, shows itself as one, and changes nothing', async () => {
    const { runId } = await sync({ dryRun: true });
    while ((await fixture.deliver(runId)) !== 'finished');

    expect(await readRun(fixture.platform.store, owner.customerId, runId)).toMatchObject({
      state: 'succeeded',
      isDryRun: true,
      lastSequence: 0,
    });
    const params = { customerId: owner.customerId, runId };
    const { result } = await call('runs.get.v1', params);
    expect(result).toMatchObject({ isDryRun: true });
    const counts = { toOurs: { create: 1, update: 0, delete: 0 } };
    expect(result?.entityTypes).toMatchObject([
      { entityType: 'org', plan: { counts, exceeded: [] } },
      { entityType: 'user' },
    ]);
  });

  test('is another run than the one that is meant, though both are asked for under one key', async () => {
    const dry = await sync({ dryRun: true, idempotencyKey: 'monday' });
    const real = await sync({ idempotencyKey: 'monday' });

    expect(real).toMatchObject({ created: true });
    expect(real.runId).not.toBe(dry.runId);
    expect(await sync({ dryRun: true, idempotencyKey: 'monday' })).toEqual({
      runId: dry.runId,
      created: false,
    });
    expect(await sync({ idempotencyKey: 'monday', dryRun: false })).toEqual({
      runId: real.runId,
      created: false,
    });
    expect((await readRun(fixture.platform.store, owner.customerId, real.runId)).isDryRun).toBe(false);
  });

  test.each(['yes', 1, null])('is not asked for by %j', async (dryRun) => {
    const { error } = await call('rosters.sync.v1', { ...owner, dryRun });
    expect(error?.data).toMatchObject({ code: 'invalid_params', issues: [{ pointer: '/dryRun' }] });
  });
});
