import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { EntityValue } from '@flotilla/substrate/model';
import { openVendorStage, type VendorStage } from '@flotilla/substrate/testing/vendor-stage';
import { describe, expect, onTestFinished, test } from 'vitest';
import { textOf } from '../simulator/text-of.ts';
import { type ClassroomSimulator, createClassroomSimulator } from '../simulator.ts';
import { googleClassroom } from '../vendor.ts';

type Gradebook = 'read' | 'draft' | 'assign';

/** A school that writes its gradebook back, after the first sync. */
async function open(gradebook: Gradebook = 'assign'): Promise<VendorStage<ClassroomSimulator>> {
  const stage = await openVendorStage({
    vendor: googleClassroom,
    pageSize: 50,
    createSimulator: ({ clock }) =>
      createClassroomSimulator({ clock, gradebook, district: { students: 1, assignments: 8, seed: 7 } }),
    connection: ({ connection }) => connection,
    credential: ({ credential }) => credential,
  });
  onTestFinished(() => stage.close());
  await stage.choose({ writeBack: ['lineItem', 'result'] });
  expect((await stage.sync()).run.state).toBe('succeeded');
  stage.simulator.clearRequests();
  return stage;
}

function writes({ simulator }: VendorStage<ClassroomSimulator>): readonly string[] {
  const sent = simulator.requests().filter(({ method, path }) => method !== 'GET' && path !== '/token');
  return sent.map(({ method, query, status }) => `${method} ${decodeURIComponent(query)} ${status}`);
}

/** A record of ours, of work that our own project made or that a teacher did. */
async function pick<T extends 'lineItem' | 'result'>(
  stage: VendorStage<ClassroomSimulator>,
  entityType: T,
  whose: 'ours' | 'theirs' = 'ours',
): Promise<{ readonly id: string; readonly value: EntityValue<T> }> {
  const collection = entityType === 'result' ? 'studentSubmissions' : 'courseWork';
  const rows = await stage.stored(undefined, entityType);
  const row = rows.find(({ recordId }) => {
    const isOurs = stage.simulator.record(collection, recordId)?.associatedWithDeveloper === true;
    return isOurs === (whose === 'ours');
  });
  if (row === undefined) throw new RangeError(`no ${entityType} of ${whose}`);
  return { id: row.recordId, value: row.value as EntityValue<T> };
}

async function ours(stage: VendorStage<ClassroomSimulator>, entityType: 'lineItem' | 'result', id: string) {
  return (await stage.stored(undefined, entityType)).find(({ recordId }) => recordId === id)?.value;
}

describe('a grade of ours', () => {
  test('is written as the one that counts and as its draft, by a mask of both, and read again', async () => {
    const stage = await open();
    const { id, value } = await pick(stage, 'result');
    await stage.edit('result', id, { ...value, score: 3.25 } as JsonObject);

    const { run } = await stage.sync();

    expect(run.state).toBe('succeeded');
    expect(writes(stage)).toEqual(['PATCH updateMask=draftGrade,assignedGrade 200']);
    expect(stage.simulator.record('studentSubmissions', id)).toMatchObject({
      assignedGrade: 3.25,
      draftGrade: 3.25,
    });
    const report = await stage.report(run.runId);
    expect(report.pushes).toMatchObject([{ recordId: id, action: 'update', state: 'accepted' }]);
    stage.simulator.clearRequests();
    expect((await stage.sync()).changes).toEqual([]);
    expect(writes(stage)).toEqual([]);
  });

  test('is written as a draft alone where teachers are to return it', async () => {
    const stage = await open('draft');
    const { id, value } = await pick(stage, 'result');
    const before = stage.simulator.record('studentSubmissions', id);
    await stage.edit('result', id, { ...value, score: 3.25 } as JsonObject);

    const { run } = await stage.sync();

    expect(run.state).toBe('succeeded');
    expect(writes(stage)).toEqual(['PATCH updateMask=draftGrade 200']);
    expect(stage.simulator.record('studentSubmissions', id)).toMatchObject({
      assignedGrade: before?.assignedGrade,
      draftGrade: 3.25,
    });
    expect(await ours(stage, 'result', id)).toMatchObject({ score: 3.25 });
  });

  test('is emptied by being named in the mask and not in the body', async () => {
    const stage = await open();
    const { id, value } = await pick(stage, 'result');
    const { score: _, ...ungraded } = value as JsonObject;
    await stage.edit('result', id, ungraded);

    expect((await stage.sync()).run.state).toBe('succeeded');

    const after = stage.simulator.record('studentSubmissions', id) ?? {};
    expect([after.assignedGrade, after.draftGrade]).toEqual([undefined, undefined]);
    expect(await ours(stage, 'result', id)).not.toHaveProperty('score');
  });

  test('that Google rounds is as Google has it', async () => {
    const stage = await open();
    const { id, value } = await pick(stage, 'result');
    await stage.edit('result', id, { ...value, score: 1.23456 } as JsonObject);

    const { run } = await stage.sync();

    expect((await stage.report(run.runId)).pushes).toMatchObject([{ state: 'unverified' }]);
    await stage.sync();
    expect(stage.simulator.record('studentSubmissions', id)).toMatchObject({ assignedGrade: 1.23 });
  });

  test.each([
    ['result', 'score', 3.25],
    ['lineItem', 'title', 'Ours now'],
  ] as const)(
    'or a change of ours to a %s is refused where a teacher made the work, in words that are Google’s own',
    async (entityType, member, to) => {
      const stage = await open();
      const { id, value } = await pick(stage, entityType, 'theirs');
      const collection = entityType === 'result' ? 'studentSubmissions' : 'courseWork';
      const before = stage.simulator.record(collection, id);
      await stage.edit(entityType, id, { ...value, [member]: to } as JsonObject);

      const { run } = await stage.sync();

      expect(run.state).toBe('partial');
      const report = await stage.report(run.runId);
      expect(report.pushes).toMatchObject([{ recordId: id, state: 'refused' }]);
      const [problem] = report.problems.filter(({ recordId }) => recordId === id);
      expect(problem).toMatchObject({ code: 'push_rejected', data: { status: 403 } });
      expect(JSON.parse(textOf(problem?.data.excerpt))).toEqual({
        error: {
          code: 403,
          message:
            '@ProjectPermissionDenied The Developer Console project is not permitted to make this request.',
          status: 'PERMISSION_DENIED',
        },
      });
      expect(stage.simulator.record(collection, id)).toEqual(before);
    },
  );

  test('is refused where tokens were asked for that may only read', async () => {
    const stage = await open('read');
    const { id, value } = await pick(stage, 'result');
    await stage.edit('result', id, { ...value, score: 3.25 } as JsonObject);

    const { run } = await stage.sync();

    const [problem] = (await stage.report(run.runId)).problems.filter(({ recordId }) => recordId === id);
    expect(problem?.data.excerpt).toContain('ACCESS_TOKEN_SCOPE_INSUFFICIENT');
  });
});

describe('course work of ours', () => {
  async function newWork(stage: VendorStage<ClassroomSimulator>): Promise<EntityValue<'lineItem'>> {
    const { value } = await pick(stage, 'lineItem');
    return {
      status: 'active',
      title: 'Essay',
      description: 'Two pages',
      dueDate: '2026-01-09T15:59:00.000-08:00',
      classSourcedId: value.classSourcedId,
      resultValueMax: 20,
    };
  }

  test('is created, published and due in UTC, under the id that Google gives', async () => {
    const stage = await open();
    const before = stage.simulator.counts();
    const work = await newWork(stage);
    await stage.edit('lineItem', 'ours-1', work as JsonObject);

    const { run } = await stage.sync();

    const [push] = (await stage.report(run.runId)).pushes;
    expect(push).toMatchObject({ recordId: 'ours-1', action: 'create' });
    const id = push?.assignedId ?? '';
    expect(id).toMatch(/^\d{12}\.\d{12}$/);
    expect(stage.simulator.record('courseWork', id)).toMatchObject({
      courseId: work.classSourcedId,
      title: 'Essay',
      description: 'Two pages',
      state: 'PUBLISHED',
      workType: 'ASSIGNMENT',
      maxPoints: 20,
      dueDate: { year: 2026, month: 1, day: 9 },
      dueTime: { hours: 23, minutes: 59, seconds: 0 },
    });
    expect(stage.simulator.counts().courseWork).toBe((before.courseWork ?? 0) + 1);
    await stage.sync();
    stage.simulator.clearRequests();
    // Every student has a submission of it by now, and nothing is left to be said.
    expect(stage.simulator.counts().studentSubmissions).toBeGreaterThan(before.studentSubmissions ?? 0);
    expect((await stage.sync()).changes).toEqual([]);
    expect(writes(stage)).toEqual([]);
  });

  test('is there once though the answer to its creation was lost', async () => {
    const stage = await open();
    const before = stage.simulator.counts().courseWork ?? 0;
    const work = await newWork(stage);
    await stage.edit('lineItem', 'ours-1', work as JsonObject);
    stage.simulator.addFault('POST /v1/courses/*/courseWork: cut');

    const runId = await stage.start();
    let outcome: string = 'begun';
    for (let retryCount = 0; outcome !== 'finished' && retryCount < 5; retryCount++)
      outcome = await stage.deliver(runId, { retryCount }).catch(() => 'failed');

    expect(outcome).toBe('finished');
    expect(stage.simulator.counts().courseWork).toBe(before + 1);
    expect(writes(stage).filter((line) => line.startsWith('POST'))).toHaveLength(1);
  });

  test('is changed member by member, and what is gone from it is emptied', async () => {
    const stage = await open();
    const { id, value } = await pick(stage, 'lineItem');
    const before = stage.simulator.record('courseWork', id) ?? {};
    const { dueDate: _, ...undated } = value as JsonObject;
    await stage.edit('lineItem', id, { ...undated, title: 'Renamed' });

    expect((await stage.sync()).run.state).toBe('succeeded');

    expect(writes(stage)).toEqual(['PATCH updateMask=title,dueDate,dueTime 200']);
    const { dueDate, dueTime, ...rest } = before;
    expect([dueDate, dueTime]).not.toContain(undefined);
    expect(stage.simulator.record('courseWork', id)).toEqual({
      ...rest,
      title: 'Renamed',
      updateTime: expect.any(String),
    });
  });

  test('is deleted with its submissions', async () => {
    const stage = await open();
    const { id } = await pick(stage, 'lineItem');
    for (const { recordId, value } of await stage.stored(undefined, 'result'))
      if ((value as EntityValue<'result'>).lineItemSourcedId === id)
        await stage.edit('result', recordId, null);
    await stage.edit('lineItem', id, null);

    await stage.sync();

    expect(writes(stage)).toContain('DELETE  200');
    expect(stage.simulator.record('courseWork', id)).toBeUndefined();
  });
});
