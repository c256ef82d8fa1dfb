import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, test } from 'vitest';
import { integration, openTwoWay } from '../two-way.fixture.ts';

const customer = { customerId: 'springfield' };

describe('runs.revert', () => {
  test('starts a run of its own that takes back the one that is named, and notes who asked', async () => {
    const stage = await openTwoWay();
    stage.relabel('b1', { title: 'Renamed' });
    const { run } = await stage.vendor.sync({ entityTypes: ['category'] });
    stage.vendor.clock.skip(1_000);

    const answer = await stage.control.result('runs.revert.v1', {
      ...customer,
      runId: run.runId,
      reason: 'it was not meant',
    });

    expect(answer).toEqual({ runId: expect.any(String) });
    const runId = answer.runId as string;
    expect(await stage.control.result('runs.get.v1', { ...customer, runId })).toMatchObject({
      integrationId: 'first',
      context: 'manual',
      method: 'runs.revert.v1',
      reverts: run.runId,
      state: 'queued',
    });
    expect(stage.control.enqueued.at(-1)).toMatchObject({ queue: 'shelf-school-manual', body: { runId } });
    const { entries } = await stage.control.result('audit.list.v1', { ...customer, limit: 1 });
    expect(entries).toMatchObject([
      {
        actor: 'test',
        action: 'runs.revert.v1',
        target: { integrationId: 'first', runId: run.runId },
        detail: { startedRunId: runId, reason: 'it was not meant' },
      },
    ]);
  });

  test('gives back what the run changed, as that run reports', async () => {
    const stage = await openTwoWay({});
    stage.relabel('b1', { title: 'Renamed' });
    stage.school.boxes.delete('b3');
    const { run } = await stage.vendor.sync();
    const titles = async () => {
      const params = { ...integration, entityType: 'category', values: true };
      const { records } = await stage.control.result('records.list.v1', params);
      return (records as JsonObject[]).map(({ recordId, ours }) => [recordId, (ours as JsonObject).title]);
    };
    expect(await titles()).toEqual([
      ['b1', 'Renamed'],
      ['b2', 'Box b2'],
    ]);

    const why = { by: 'test', reason: 'it was not meant' };
    const { runId } = await stage.control.result('runs.revert.v1', {
      ...customer,
      runId: run.runId,
      reason: why.reason,
    });
    await stage.finish(runId as string);

    expect(await titles()).toEqual([
      ['b1', 'Box b1'],
      ['b2', 'Box b2'],
      ['b3', 'Box b3'],
    ]);
    const report = { ...customer, runId: runId as string };
    expect(await stage.control.result('runs.report.v1', report)).toMatchObject({
      state: 'succeeded',
      requestedBy: why.by,
      reason: why.reason,
      changes: [
        { recordId: 'b1', action: 'update' },
        { recordId: 'b3', action: 'create' },
      ],
    });
    // Whoever looks at the run that was taken back must not think that it stands.
    const { verdict, takenBack } = await stage.control.result('runs.report.v1', {
      ...customer,
      runId: run.runId,
    });
    expect(takenBack).toMatchObject({ ...why, runId, state: 'succeeded', extent: 'whole' });
    expect(verdict).toMatch(/^Taken back on \d{4}-\d\d-\d\d \d\d:\d\d UTC by run /);
  });

  test('refuses a run that is not finished', async () => {
    const stage = await openTwoWay();
    const runId = await stage.vendor.start();
    const { error } = await stage.control.call('runs.revert.v1', { ...customer, runId });
    expect(error?.data).toMatchObject({
      code: 'invalid_params',
      issues: [{ pointer: '/runId', message: expect.stringContaining('the run is queued') }],
    });
  });

  test('refuses a dry run, and one that was rejected, which changed nothing', async () => {
    const stage = await openTwoWay({ limits: { toOurs: { delete: { percent: 1, floor: 0 } } } });
    stage.school.boxes.delete('b3');
    const dry = await stage.vendor.sync({ isDryRun: true });
    const heldId = await stage.vendor.start();
    await stage.finish(heldId);
    const revert = async (runId: string) => {
      const { error } = await stage.control.call('runs.revert.v1', { ...customer, runId });
      return JSON.stringify(error?.data.issues);
    };

    expect(await revert(dry.run.runId)).toContain('a dry run changes nothing');
    expect(await revert(heldId)).toContain('the run is held');
    await stage.control.result('runs.reject.v1', { ...customer, runId: heldId, reason: 'a mistake' });
    expect(await revert(heldId)).toContain('ended as rejected');
    expect(stage.control.enqueued.filter(({ queue }) => queue === 'shelf-school-manual')).toEqual([]);
  });

  test.each([
    ['an unknown run', { runId: '8f14e45f-ceea-467f-9c15-2b5bbd5d4a10' }],
    ["another customer's run", { customerId: 'shelbyville' }],
  ])('does not know %s', async (_name, wrong) => {
    const stage = await openTwoWay();
    const { run } = await stage.vendor.sync();
    const { error } = await stage.control.call('runs.revert.v1', { ...customer, runId: run.runId, ...wrong });
    expect(error?.data).toMatchObject({ code: 'not_found' });
  });
});
