import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { EntityType } from '@flotilla/substrate/model';
import { describe, expect, test } from 'vitest';
import { idsOf, openSchool, type School } from '../school.fixture.ts';

const district = { students: 5, assignments: 6 };

/** A teacher's own classes, gone both ways through the User API. */
async function openGradebook(options: { readonly api: 'graph' | 'user' } = { api: 'user' }) {
  const school = await openSchool({ ...options, district });
  await school.stage.choose({ writeBack: ['category', 'lineItem', 'result'] });
  await school.stage.sync();
  school.asked();
  return school;
}

async function ours({ stage }: School, entityType: EntityType, id: string) {
  const row = (await stage.stored(undefined, entityType)).find(({ recordId }) => recordId === id);
  if (row?.value == null) throw new RangeError(`We have no ${entityType} ${id}`);
  return row.value;
}

async function weEdit(school: School, entityType: EntityType, id: string, change: JsonObject): Promise<void> {
  await school.stage.edit(entityType, id, { ...(await ours(school, entityType, id)), ...change });
}

/** What was written since the last look, without the ids. */
function writes({ asked }: School): readonly string[] {
  const short = asked().map((line) => line.replaceAll(/[\da-f]{8}-[\da-f-]{27}/g, ':id'));
  return short.filter((line) => !line.startsWith('GET') && !line.includes('/authentication/'));
}

async function essayFor(school: School): Promise<JsonObject> {
  const [id = ''] = await idsOf(school, 'lineItem');
  const { classSourcedId = '', categorySourcedId = '' } = await ours(school, 'lineItem', id);
  return {
    status: 'active',
    title: 'Essay',
    description: 'Two pages',
    dueDate: '2026-01-09T23:59:00.000Z',
    classSourcedId,
    categorySourcedId,
    resultValueMax: 10.5,
  };
}

const created = (school: School) => (school.stage.simulator.counts().assignments ?? 0) - district.assignments;

describe.each(['user', 'graph'] as const)('through the %s API', (api) => {
  test('a grade is written into the submission that is there, read back, and the next night is idle', async () => {
    const school = await openGradebook({ api });
    const { stage, simulator } = school;
    const [id = ''] = await idsOf(school, 'result');
    school.theyEdit('submissions', id, { flags: ['missing', 'excused'] });
    await stage.sync();
    writes(school);
    const before = simulator.record('submissions', id);
    await weEdit(school, 'result', id, { score: 3.5, comment: 'Well argued', late: true, missing: false });

    const report = await stage.report((await stage.sync()).run.runId);

    expect(report.verdict).toContain('At the vendor: 0 created, 1 updated, 0 deleted.');
    expect(writes(school)).toEqual(['PATCH classes/:id/assignments/:id/submissions/:id 200']);
    expect(simulator.record('submissions', id)).toEqual({
      ...before,
      grade_points: 3.5,
      grade_comment: 'Well argued',
      // What is not ours to say stays.
      flags: ['excused', 'late'],
      updated_date: expect.any(String),
    });
    expect((await stage.sync()).changes).toEqual([]);
    expect(writes(school)).toEqual([]);
  });

  test('an assignment is created, changed and deleted, under the id that Edlink gives it', async () => {
    const school = await openGradebook({ api });
    const { stage, simulator } = school;
    const essay = await essayFor(school);
    await stage.edit('lineItem', 'ours-1', essay);

    await stage.sync();

    expect(writes(school)).toEqual(['POST classes/:id/assignments 200']);
    expect(created(school)).toBe(1);
    const id = (await idsOf(school, 'lineItem')).find(
      (one) => one !== 'ours-1' && isEssay(simulator.record('assignments', one)),
    );
    expect(id?.split('.')[0]).toBe(essay.classSourcedId);
    const { dateLastModified: _, ...value } = await ours(school, 'lineItem', id ?? '');
    expect(value).toMatchObject(essay);

    await weEdit(school, 'lineItem', id ?? '', { title: 'Longer essay' });
    await stage.sync();
    expect(writes(school)).toEqual(['PATCH classes/:id/assignments/:id 200']);
    expect(simulator.record('assignments', id ?? '')).toMatchObject({
      title: 'Longer essay',
      grading_type: 'points',
    });

    await stage.edit('lineItem', id ?? '', null);
    await stage.sync();
    expect(writes(school)).toEqual(['DELETE classes/:id/assignments/:id 200']);
    expect(created(school)).toBe(0);
  });
});

function isEssay(record: JsonObject | undefined): boolean {
  return record?.title === 'Essay';
}

describe('an answer that is lost', () => {
  test('to a new assignment is asked for again under the same key, and there is one assignment', async () => {
    const school = await openGradebook();
    const { stage, simulator } = school;
    await stage.edit('lineItem', 'ours-1', await essayFor(school));
    simulator.addFault('POST /api/v2/my/classes/*/assignments: cut');
    const answers: string[] = [];
    stage.tap.tamper((response, { method, url }) => {
      if (method === 'POST' && url.pathname.endsWith('/assignments'))
        answers.push(new TextDecoder().decode(response.body));
      return response;
    });

    const { run } = await stage.sync();

    expect(run.state).toBe('succeeded');
    const posts = simulator.requests('POST /api/v2/my/classes/*/assignments');
    expect(posts).toHaveLength(2);
    const keys = posts.map(({ query }) => new URLSearchParams(query).get('$idempotency'));
    expect(keys[0]).toMatch(/^[\w-]{43}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(answers).toEqual([expect.stringContaining('"IDEMPOTENCY_KEY_REPEATED"')]);
    expect(created(school)).toBe(1);
    // Edlink has handed it out: every student of the class has a submission of it.
    const { changes } = await stage.sync();
    expect(new Set(changes.map(({ entityType, action }) => `${entityType} ${action}`))).toEqual(
      new Set(['result create']),
    );
  });
});

describe('a refusal', () => {
  test('is told with the exact answer of Edlink, and the rest goes on', async () => {
    const school = await openGradebook();
    const { stage } = school;
    const { description: _, ...essay } = await essayFor(school);
    await stage.edit('lineItem', 'ours-1', essay);
    const [id = ''] = await idsOf(school, 'result');
    await weEdit(school, 'result', id, { score: 3.5 });

    const report = await stage.report((await stage.sync()).run.runId);

    expect(report.totals).toMatchObject({ pushUpdated: 1, pushFailed: 1 });
    expect(report.problems).toMatchObject([
      {
        code: 'push_rejected',
        recordId: 'ours-1',
        data: {
          status: 400,
          excerpt: expect.stringMatching(
            /"\$errors":\[\{"code":"MISSING_REQUIRED_FIELD","message":"Missing: description"\}\]\}$/,
          ),
        },
      },
    ]);
    expect(writes(school)).toEqual([
      'POST classes/:id/assignments 400',
      'PATCH classes/:id/assignments/:id/submissions/:id 200',
    ]);
  });

  test('of a record that is gone at the vendor is none: what is to be deleted is deleted', async () => {
    const school = await openGradebook();
    const { stage, theyEdit } = school;
    const [id = ''] = await idsOf(school, 'category');
    await stage.edit('category', id, null);
    theyEdit('categories', id, null);

    const { run } = await stage.sync();

    expect(run.state).toBe('succeeded');
    expect(await idsOf(school, 'category')).not.toContain(id);
  });
});
