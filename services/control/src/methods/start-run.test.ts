import { describe, expect, test } from 'vitest';
import { openControl, pause, register } from '../control.fixture.ts';
import { integration, openTwoWay } from '../two-way.fixture.ts';

describe('a run that is started through control', () => {
  test('is of the family that was asked for, waits in the queue of people, and is noted with who asked', async () => {
    const { control, finish } = await openTwoWay();

    const { runId, created } = await control.result('runs.start.v1', { ...integration, family: 'grades' });

    expect(created).toBe(true);
    expect(control.enqueued.at(-1)).toMatchObject({ queue: 'shelf-school-manual', body: { runId } });
    const { entries } = await control.result('audit.list.v1', { customerId: integration.customerId });
    expect(entries).toMatchObject([
      {
        actor: 'test',
        action: 'runs.start.v1',
        target: { integrationId: integration.integrationId, runId },
        detail: { family: 'grades', entityTypes: null, dryRun: false, full: false },
      },
      { action: 'settings.put.v1' },
    ]);
    await finish(runId as string);
    const run = await control.result('runs.get.v1', {
      customerId: integration.customerId,
      runId: runId ?? '',
    });
    expect(run).toMatchObject({
      state: 'succeeded',
      context: 'manual',
      method: 'grades.sync.v1',
      entityTypes: [{ entityType: 'category' }],
    });
  });

  test('is of all that the vendor has where nothing was chosen, though its service does not answer', async () => {
    const stage = await openControl();
    await register(stage, 'springfield');
    const { runId } = await stage.result('runs.start.v1', {
      customerId: 'springfield',
      integrationId: 'oneroster',
      dryRun: true,
    });
    const run = await stage.result('runs.get.v1', { customerId: 'springfield', runId: runId as string });
    expect(run).toMatchObject({ state: 'queued', method: 'runs.start.v1', isDryRun: true });
  });

  test('is one, and noted once, for one idempotency key, which the sync method of its vendor shares', async () => {
    const { control, vendor } = await openTwoWay();
    const params = { ...integration, family: 'grades', idempotencyKey: 'button-1' };

    const first = await control.result('runs.start.v1', params);
    const again = await control.result('runs.start.v1', params);
    const { result: elsewhere } = await vendor.call('grades.sync.v1', {
      ...integration,
      idempotencyKey: 'button-1',
    });
    const trial = await control.result('runs.start.v1', { ...params, dryRun: true });

    expect(again).toEqual({ runId: first.runId, created: false });
    expect(elsewhere).toEqual(again);
    expect(trial).toMatchObject({ created: true });
    const { entries } = await control.result('audit.list.v1', { customerId: integration.customerId });
    const started = (entries as { action: string }[]).filter(({ action }) => action === 'runs.start.v1');
    expect(started).toHaveLength(2);
  });

  test.each([
    [{ family: 'attendance' }, '/family', 'Shelf School has no attendance; it has rosters, grades'],
    [
      { family: 'grades', entityTypes: ['category', 'org'] },
      '/entityTypes/1',
      'of the grades of Shelf School there are category',
    ],
    [{ entityTypes: ['category'] }, '/entityTypes', 'say also of which family they are'],
  ])('is refused for %j, with what there is', async (choice, pointer, message) => {
    const { control } = await openTwoWay();
    const { length } = control.enqueued;
    const { error } = await control.call('runs.start.v1', { ...integration, ...choice });
    expect(error?.data).toMatchObject({ code: 'invalid_params', issues: [{ pointer, message }] });
    expect(control.enqueued).toHaveLength(length);
  });

  test('is refused for a paused integration, and leaves no note', async () => {
    const stage = await openControl();
    await register(stage, 'springfield');
    await pause(stage, 'springfield', 'oneroster');
    const { error } = await stage.call('runs.start.v1', {
      customerId: 'springfield',
      integrationId: 'oneroster',
    });
    expect(error).toMatchObject({
      message: 'The integration is paused',
      data: { code: 'invalid_params', advice: expect.stringMatching(/^Resume it first/) },
    });
    const { entries } = await stage.result('audit.list.v1', { customerId: 'springfield' });
    expect(entries).not.toContainEqual(expect.objectContaining({ action: 'runs.start.v1' }));
  });
});

describe('a connection check through control', () => {
  test('asks the vendor with the stored credentials', async () => {
    const { control, vendor } = await openTwoWay();
    const check = () => control.result('integrations.check.v1', integration, 'viewer');

    expect(await check()).toEqual({ ok: true, failure: null, advice: null });
    await vendor.replaceCredential({ token: 'of somebody else' });
    expect(await check()).toMatchObject({
      ok: false,
      failure: { code: 'credentials_rejected' },
      advice: expect.stringContaining('Enter new ones'),
    });
  });

  test("is a failure of ours where the vendor's service does not answer", async () => {
    const stage = await openControl();
    await register(stage, 'springfield');
    const params = { customerId: 'springfield', integrationId: 'oneroster' };
    const { error } = await stage.call('integrations.check.v1', params);
    expect(error?.data).toMatchObject({ code: 'unavailable', service: 'oneroster' });
  });
});
