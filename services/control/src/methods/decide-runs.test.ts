import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, test } from 'vitest';
import { openControl, register } from '../control.fixture.ts';
import { integration, openTwoWay, type TwoWay } from '../two-way.fixture.ts';

const customer = { customerId: 'springfield' };

/** Deletes may not be more than one of a hundred, so that the loss of a box holds a run. */
const settings = { writeBack: ['category'], limits: { toOurs: { delete: { percent: 1, floor: 0 } } } };

/** A run that is held since the vendor has lost a box. */
async function openHeld(): Promise<{ readonly stage: TwoWay; readonly runId: string }> {
  const stage = await openTwoWay(settings);
  stage.school.boxes.delete('b3');
  const runId = await stage.vendor.start();
  await stage.finish(runId);
  stage.vendor.clock.skip(1_000);
  return { stage, runId };
}

async function getRun({ control }: TwoWay, runId: string) {
  return await control.result('runs.get.v1', { ...customer, runId });
}

async function boxesStored({ control }: TwoWay) {
  const { records } = await control.result('records.list.v1', { ...integration, entityType: 'category' });
  return (records as JsonObject[]).map(({ recordId }) => recordId);
}

describe('a held run', () => {
  test('is shown with what is over a limit, until when it waits, and among the runs that are held', async () => {
    const { stage, runId } = await openHeld();

    const run = await getRun(stage, runId);

    expect(run).toMatchObject({
      state: 'held',
      heldSince: expect.any(String),
      decision: null,
      isDryRun: false,
      reverts: null,
      recordIds: [],
    });
    expect(Date.parse(run.expiresAt as string) - Date.parse(run.heldSince as string)).toBe(
      7 * 24 * 3_600_000,
    );
    const category = (run.entityTypes as JsonObject[]).find(({ entityType }) => entityType === 'category');
    expect(category?.plan).toEqual({
      counts: {
        toOurs: { create: 0, update: 0, delete: 1 },
        toTheirs: { create: 0, update: 0, delete: 0 },
      },
      conflicts: 0,
      exceeded: [{ direction: 'toOurs', action: 'delete', planned: 1, allowed: 0, stored: 3 }],
    });
    const held = { ...customer, state: 'held' };
    expect(await stage.control.result('runs.list.v1', held)).toMatchObject({ runs: [{ runId }], next: null });
    const elsewhere = { ...held, integrationId: 'none' };
    expect((await stage.control.call('runs.list.v1', elsewhere)).error?.data.code).toBe('not_found');
  });

  test('goes on once it is approved, and says who approved it and why', async () => {
    const { stage, runId } = await openHeld();
    const reason = 'the box was thrown away';

    const approved = await stage.control.result('runs.approve.v1', { ...customer, runId, reason });

    const exceeded = { category: [{ direction: 'toOurs', action: 'delete', planned: 1 }] };
    const decision = { decision: 'approved', by: 'test', reason, exceeded };
    expect(approved).toMatchObject({ runId, state: 'queued', heldSince: null, expiresAt: null, decision });
    expect(stage.control.enqueued.at(-1)).toMatchObject({ body: { runId } });
    expect(await boxesStored(stage)).toEqual(['b1', 'b2', 'b3']);
    await stage.finish(runId);
    expect(await boxesStored(stage)).toEqual(['b1', 'b2']);
    expect(await getRun(stage, runId)).toMatchObject({ state: 'succeeded', decision });
  });

  test('ends once it is rejected, for a reason, and nothing of it is done', async () => {
    const { stage, runId } = await openHeld();

    const { error } = await stage.control.call('runs.reject.v1', { ...customer, runId });
    expect(error?.data).toMatchObject({ code: 'invalid_params', issues: [{ pointer: '/reason' }] });
    const rejected = await stage.control.result('runs.reject.v1', {
      ...customer,
      runId,
      reason: 'a mistake',
    });

    expect(rejected).toMatchObject({
      state: 'rejected',
      decision: { decision: 'rejected', reason: 'a mistake' },
    });
    expect(await stage.vendor.deliver(runId)).toBe('stale');
    expect(await boxesStored(stage)).toEqual(['b1', 'b2', 'b3']);
    expect((await stage.control.result('runs.list.v1', { ...customer, state: 'held' })).runs).toEqual([]);
  });

  test('is decided on once, however many decide', async () => {
    const { stage, runId } = await openHeld();

    const answers = await Promise.all(
      ['runs.approve.v1', 'runs.reject.v1', 'runs.approve.v1'].map((method) =>
        stage.control.call(method, { ...customer, runId, reason: 'a mistake' }),
      ),
    );

    expect(answers.filter(({ result }) => result !== undefined)).toHaveLength(1);
    const refused = answers.flatMap(({ error }) => error?.data.code ?? []);
    expect(refused).toEqual(['stale_version', 'stale_version']);
    const { entries } = await stage.control.result('audit.list.v1', customer);
    const noted = (entries as JsonObject[]).filter(({ action }) => (action as string).startsWith('runs.'));
    expect(noted).toHaveLength(1);
  });

  test('is not decided on by somebody who saw it held at another time', async () => {
    const { stage, runId } = await openHeld();
    const { heldSince } = await getRun(stage, runId);
    const params = { ...customer, runId };

    const stale = await stage.control.call('runs.approve.v1', {
      ...params,
      heldSince: '2026-01-01T00:00:00.000Z',
    });
    expect(stale.error?.data).toMatchObject({ code: 'stale_version', found: heldSince });
    expect(await getRun(stage, runId)).toMatchObject({ state: 'held', decision: null });

    const seen = { ...params, heldSince: heldSince as string };
    expect((await stage.control.call('runs.approve.v1', seen)).error).toBeUndefined();
  });

  test('is in the audit trail', async () => {
    const { stage, runId } = await openHeld();
    const { heldSince } = await getRun(stage, runId);
    await stage.control.result('runs.reject.v1', { ...customer, runId, reason: 'a mistake' });

    const { entries } = await stage.control.result('audit.list.v1', { ...customer, limit: 1 });
    expect(entries).toMatchObject([
      {
        actor: 'test',
        action: 'runs.reject.v1',
        target: { integrationId: 'first', runId },
        detail: { heldSince, reason: 'a mistake' },
      },
    ]);
  });
});

describe('a run that is not held', () => {
  test('cannot be approved or rejected, and says what it is', async () => {
    const stage = await openTwoWay();
    const { run } = await stage.vendor.sync();
    for (const method of ['runs.approve.v1', 'runs.reject.v1']) {
      const { error } = await stage.control.call(method, {
        ...customer,
        runId: run.runId,
        reason: 'a mistake',
      });
      expect(error?.data).toMatchObject({ code: 'stale_version', state: 'succeeded' });
    }
  });

  test.each<[JsonObject, string]>([
    [{ runId: 'latest' }, '/runId'],
    [{ reason: '' }, '/reason'],
    [{ reason: 'x'.repeat(1_001) }, '/reason'],
    [{ reason: '\ud83d' }, '/reason'],
    [{ heldSince: 'yesterday' }, '/heldSince'],
    [{ force: true }, '/force'],
  ])('with %j is refused', async (wrong, pointer) => {
    const stage = await openControl();
    await register(stage, 'springfield', ['first']);
    const runId = '8f14e45f-ceea-467f-9c15-2b5bbd5d4a10';
    const params = { ...customer, runId, reason: 'a mistake', ...wrong };
    for (const method of ['runs.approve.v1', 'runs.reject.v1']) {
      const { error } = await stage.call(method, params);
      expect(error?.data).toMatchObject({ code: 'invalid_params', issues: [{ pointer }] });
    }
  });
});
