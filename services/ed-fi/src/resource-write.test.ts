import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { EntityType } from '@flotilla/substrate/model';
import { openVendorStage } from '@flotilla/substrate/testing/vendor-stage';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createEdFiSimulator } from './simulator.ts';
import { edFi } from './vendor.ts';

async function open({ hasNamespace = true } = {}) {
  const stage = await openVendorStage({
    vendor: edFi,
    createSimulator: ({ clock }) =>
      createEdFiSimulator({
        clock,
        district: { students: 13, assignments: 8, attendance: 0, assessmentResults: 0 },
      }),
    connection: ({ connection: { namespace, ...others } }) =>
      hasNamespace ? { namespace: namespace ?? null, ...others } : others,
    credential: ({ credential }) => credential,
    pageSize: 100,
  });
  onTestFinished(() => stage.close());
  const { simulator } = stage;
  await stage.choose({ writeBack: ['lineItem', 'result'] });
  await stage.sync();
  simulator.clearRequests();

  const rows = (entityType: EntityType) => stage.stored(undefined, entityType);
  const ours = async (entityType: EntityType, id: string) =>
    (await rows(entityType)).find(({ recordId }) => recordId === id)?.value ?? undefined;
  /** What was written since the last look. */
  function writes(): readonly string[] {
    const all = simulator
      .requests()
      .filter(({ method, path }) => method !== 'GET' && !path.endsWith('/oauth/token'));
    simulator.clearRequests();
    return all.map(
      ({ method, path, status }) =>
        `${method} ${path.replace(/^.*\/ed-fi\//, '').replace(/[\da-f]{32}/, ':id')} ${status}`,
    );
  }
  const [first] = await rows('lineItem');
  const { classSourcedId = '', categorySourcedId = '' } = (first?.value ?? {}) as Record<string, string>;
  const essay = {
    status: 'active',
    title: 'Essay',
    description: 'Two pages',
    assignDate: '2026-01-05T00:00:00.000Z',
    dueDate: '2026-01-09T23:59:00.000Z',
    classSourcedId,
    categorySourcedId,
    resultValueMax: 10.5,
  };
  const change = async (entityType: EntityType, id: string, members: JsonObject) =>
    stage.edit(entityType, id, { ...(await ours(entityType, id)), ...members });
  return { stage, simulator, rows, ours, writes, essay, change };
}

const namespace = 'uri://maplevalley.example';
const keyOfEssay = 'uri:%2F%2Fmaplevalley.example/ours-1';

describe('a line item of ours', () => {
  test('is created under our id in our namespace, read back under its key, changed and deleted', async () => {
    const { stage, simulator, ours, writes, essay, change } = await open();
    await stage.edit('lineItem', 'ours-1', essay);
    expect((await stage.report((await stage.sync()).run.runId)).totals).toMatchObject({ pushCreated: 1 });
    expect(writes()).toEqual(['POST gradebookEntries 201']);
    expect(simulator.record('gradebookEntries', keyOfEssay)).toMatchObject({
      namespace,
      gradebookEntryIdentifier: 'ours-1',
      dateAssigned: '2026-01-05',
      dueDate: '2026-01-09',
      dueTime: '23:59:00',
      maxPoints: 10.5,
    });
    expect(await ours('lineItem', keyOfEssay)).toMatchObject(essay);
    expect((await stage.sync()).changes).toEqual([]);

    await change('lineItem', keyOfEssay, { title: 'Longer essay' });
    await stage.sync();
    expect(writes()).toEqual(['PUT gradebookEntries/:id 204']);
    expect(simulator.record('gradebookEntries', keyOfEssay)).toMatchObject({
      title: 'Longer essay',
      maxPoints: 10.5,
    });

    await stage.edit('lineItem', keyOfEssay, null);
    await stage.sync();
    expect(writes()).toEqual(['DELETE gradebookEntries/:id 204']);
    expect(simulator.record('gradebookEntries', keyOfEssay)).toBeUndefined();
  });

  test('whose answer is lost is sent again, and there is one: a POST is an upsert', async () => {
    const { stage, simulator, writes, essay } = await open();
    await stage.edit('lineItem', 'ours-1', essay);
    simulator.addFault('POST /data/v3/ed-fi/gradebookEntries: cut');
    expect((await stage.sync()).run.state).toBe('succeeded');
    expect(writes()).toEqual(['POST gradebookEntries 201', 'POST gradebookEntries 200']);
    expect(simulator.counts().gradebookEntries).toBe(9);
  });

  test('in a class that the host does not have is refused with its exact answer, and the rest goes on', async () => {
    const { stage, simulator, rows, essay, change } = await open();
    await stage.edit('lineItem', 'ours-1', essay);
    const scored = (await rows('result')).find(({ value }) => value?.score !== undefined)?.recordId ?? '';
    await change('result', scored, { score: 3.5 });
    stage.tap.tamper((response, { method, url }) => {
      if (method === 'GET' && url.pathname.endsWith('/studentGradebookEntries')) leave();
      return response;
    });
    let isGone = false;
    // The class is deleted after it was read, right before we write.
    function leave(): void {
      if (isGone) return;
      isGone = true;
      simulator.edit([{ collection: 'sections', op: 'remove', id: essay.classSourcedId }]);
    }

    const report = await stage.report((await stage.sync({ isFull: true })).run.runId);

    expect(report.totals).toMatchObject({ pushUpdated: 1, pushFailed: 1 });
    expect(JSON.stringify(report)).toContain("The referenced 'Section' item does not exist.");
  });

  test('is not created where no namespace was entered, and the report says what to do', async () => {
    const { stage, writes, essay } = await open({ hasNamespace: false });
    await stage.edit('lineItem', 'ours-1', essay);
    const report = await stage.report((await stage.sync()).run.runId);
    expect(writes()).toEqual([]);
    expect(JSON.stringify(report)).toContain("enter the connection's namespace");
  });
});

describe('a score of ours', () => {
  test('changes the record that is there, of which all else survives', async () => {
    const { stage, simulator, rows, writes, change } = await open();
    const id = (await rows('result')).find(({ value }) => value?.score !== undefined)?.recordId ?? '';
    const before = simulator.record('studentGradebookEntries', id);
    await change('result', id, { score: 3.5, comment: 'Well argued' });
    await stage.sync();
    expect(writes()).toEqual(['PUT studentGradebookEntries/:id 204']);
    expect(simulator.record('studentGradebookEntries', id)).toEqual({
      ...before,
      pointsEarned: 3.5,
      diagnosticStatement: 'Well argued',
      _lastModifiedDate: expect.any(String),
    });
    expect((await stage.sync()).changes).toEqual([]);
  });

  test('is not written over what somebody else was quicker to change: the host says 412', async () => {
    const { stage, simulator, rows, change } = await open();
    const id = (await rows('result')).find(({ value }) => value?.score !== undefined)?.recordId ?? '';
    await change('result', id, { score: 3.5 });
    let looks = 0;
    stage.tap.tamper((response, { method, url }) => {
      // Right after it was read to be written.
      const isLook = method === 'GET' && url.searchParams.has('gradebookEntryIdentifier');
      if (isLook && looks++ === 0) {
        const record = {
          ...simulator.record('studentGradebookEntries', id),
          diagnosticStatement: 'By the teacher',
        };
        simulator.edit([{ collection: 'studentGradebookEntries', op: 'put', id, record }]);
      }
      return response;
    });
    await stage.sync();
    const statuses = simulator
      .requests('PUT /data/v3/ed-fi/studentGradebookEntries/*')
      .map(({ status }) => status);
    expect(statuses[0]).toBe(412);
    expect(simulator.record('studentGradebookEntries', id)).toMatchObject({
      diagnosticStatement: 'By the teacher',
    });
  });
});
