import { describe, expect, test } from 'vitest';
import { idsOf, openSchool, type School } from './school.fixture.ts';

const dayMs = 24 * 60 * 60_000;

/** Rosters only: what Edlink's events tell of. */
const rosters = {
  context: 'nightly',
  entityTypes: ['org', 'academicSession', 'course', 'class', 'user', 'enrollment', 'demographics'],
} as const;

async function firstOf(school: School, entityType: 'user' | 'class' | 'enrollment'): Promise<string> {
  const [id] = await idsOf(school, entityType);
  if (id === undefined) throw new RangeError(`No ${entityType} is stored`);
  return id;
}

describe('the event log', () => {
  test('that stands still spares a night of rosters everything but one request', async () => {
    const school = await openSchool();
    await school.stage.sync(rosters);
    school.asked();

    expect((await school.stage.sync(rosters)).run.state).toBe('unchanged');
    expect(school.asked()).toEqual(['GET events 200']);
  });

  test('tells of people and what hangs on them, and is read once for all entity types', async () => {
    const school = await openSchool();
    const { stage, theyEdit } = school;
    await stage.sync(rosters);
    const [demographics] = await idsOf(school, 'demographics');
    const enrollment = await firstOf(school, 'enrollment');
    theyEdit('people', demographics ?? '', { first_name: 'Rosalind', demographics: {} });
    theyEdit('enrollments', enrollment, null);
    school.asked();

    const { run, changes } = await stage.sync(rosters);

    expect(run.state).toBe('succeeded');
    expect(changes.map(({ entityType, action, recordId }) => [entityType, action, recordId])).toEqual([
      ['user', 'update', demographics],
      ['enrollment', 'delete', enrollment],
      ['demographics', 'delete', demographics],
    ]);
    expect(school.asked()).toEqual(['GET events 200', 'GET events 200']);
  });

  test('makes a course of a class that has none, and takes it back when it gets one', async () => {
    const school = await openSchool();
    const { stage, theyEdit } = school;
    await stage.sync(rosters);
    const id = await firstOf(school, 'class');
    const { course_id = null } = school.simulator.record('classes', id) ?? {};

    theyEdit('classes', id, { course_id: null });
    await stage.sync(rosters);
    expect(await idsOf(school, 'course')).toContain(id);
    const [one] = (await stage.stored(undefined, 'class')).filter(({ recordId }) => recordId === id);
    expect(one?.value).toMatchObject({ courseSourcedId: id });

    theyEdit('classes', id, { course_id });
    await stage.sync(rosters);
    expect(await idsOf(school, 'course')).not.toContain(id);
    const whole = await stage.sync({ ...rosters, isFull: true });
    expect(whole.changes).toEqual([]);
  });

  test('tells nothing of gradebooks, which are read whole in the same night', async () => {
    const school = await openSchool();
    await school.stage.sync();
    school.asked();

    expect((await school.stage.sync({ context: 'nightly' })).run.state).toBe('succeeded');

    const asked = school.asked().map((line) => line.split('/').at(-1));
    expect(new Set(asked)).toEqual(
      new Set(['GET events 200', 'categories 200', 'assignments 200', 'submissions 200']),
    );
  });

  test('is kept for thirty days: after a longer break everything is fetched whole, without a failure', async () => {
    const school = await openSchool();
    const { stage, theyEdit } = school;
    await stage.choose({ fullSyncEveryDays: 90 });
    await stage.sync(rosters);
    const user = await firstOf(school, 'user');
    stage.clock.skip(25 * dayMs);
    theyEdit('people', user, { first_name: 'Rosalind' });
    stage.clock.skip(10 * dayMs);
    school.asked();

    const { run, changes } = await stage.sync(rosters);

    expect(run.state).toBe('succeeded');
    expect(changes).toMatchObject([{ entityType: 'user', action: 'update', recordId: user }]);
    expect(school.asked()).toContain('GET people 200');
  });

  test('that has forgotten the last event after all fails the night, and the next one fetches everything', async () => {
    const school = await openSchool();
    const { stage, theyEdit } = school;
    await stage.choose({ fullSyncEveryDays: 90 });
    await stage.sync(rosters);
    const user = await firstOf(school, 'user');
    stage.clock.skip(20 * dayMs);
    theyEdit('people', user, { first_name: 'Rosalind' });
    stage.clock.skip(15 * dayMs);

    const { run, entityTypes } = await stage.sync(rosters);

    expect(run.state).toBe('partial');
    expect(entityTypes.get('org')?.failure).toMatchObject({
      code: 'vendor_answer_invalid',
      data: { status: 400, excerpt: expect.stringContaining('"INVALID_CURSOR"') },
    });
    const next = await stage.sync(rosters);
    expect(next.run.state).toBe('succeeded');
    expect(next.changes).toMatchObject([{ entityType: 'user', action: 'update', recordId: user }]);
  });
});

describe('a cursor', () => {
  test('that expires in mid-list, two hours after it came, begins the list anew', async () => {
    const school = await openSchool();
    const { stage } = school;
    const whole = await stage.source(stage.entity('user'));
    school.asked();
    const restore = sleepAfter(school, '/people', 1);

    const { run, entityTypes } = await stage.sync({ entityTypes: ['user'] });

    restore();
    expect(run.state).toBe('succeeded');
    expect(entityTypes.get('user')).toMatchObject({
      failure: null,
      restarts: [1],
      counts: { created: whole.length, repeated: 0, deleted: 0 },
    });
    const lists = school.asked().filter((line) => line.startsWith('GET people'));
    expect(lists).toContain('GET people 400');
    expect(lists.filter((line) => line === 'GET people 200')).toHaveLength(1 + Math.ceil(whole.length / 5));
  });

  test('that expires again and again fails its entity type alone, and nothing is deleted', async () => {
    const school = await openSchool();
    const { stage } = school;
    await stage.sync();
    const before = await stage.stored();
    sleepAfter(school, '/people', Number.POSITIVE_INFINITY);

    const { run, entityTypes } = await stage.sync({ isFull: true, entityTypes: ['academicSession', 'user'] });

    expect(run.state).toBe('partial');
    expect(entityTypes.get('user')).toMatchObject({
      stage: 'failed',
      failure: { code: 'cursor_expired', data: { status: 400 } },
    });
    expect(entityTypes.get('academicSession')).toMatchObject({ stage: 'done', failure: null });
    expect(await stage.stored()).toEqual(before);
  });
});

/** Two hours pass after each of the first answers with such a list. */
function sleepAfter({ stage }: School, path: string, times: number): () => void {
  let left = times;
  stage.tap.tamper((response, { url }) => {
    if (url.pathname.endsWith(path) && left-- > 0) stage.clock.skip(2 * 60 * 60_000);
    return response;
  });
  return () => stage.tap.tamper(undefined);
}
