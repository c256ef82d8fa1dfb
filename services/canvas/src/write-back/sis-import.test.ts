import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { EntityType } from '@flotilla/substrate/model';
import { splitId } from '@flotilla/substrate/vendor';
import { expect, test } from 'vitest';
import { openSchool } from '../school.fixture.ts';
import { textOf } from '../simulator/text-of.ts';

const rosters: EntityType[] = ['org', 'academicSession', 'course', 'class', 'user', 'enrollment'];
const upload = 'POST /api/v1/accounts/:id/sis_imports 200';

type School = Awaited<ReturnType<typeof openSchool>>;

/** The files of the night, as rows of text. */
function files({ stage }: School): readonly (readonly string[])[] {
  return stage.tap.sent
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => new TextDecoder().decode(body as Uint8Array).split('\n'));
}

function outcomes({ pushes }: Awaited<ReturnType<School['night']>>) {
  return pushes.map(({ entityType, action, state }) => `${entityType} ${action} ${state}`).toSorted();
}

/** A second school, which has neither courses nor people. */
async function addAccount({ simulator, pick, night }: School): Promise<string> {
  const { id } = await pick('org', ({ type }) => type === 'school');
  const record = { ...simulator.record('accounts', id), id: '77', name: 'Elm', sis_account_id: '1077' };
  simulator.edit([{ collection: 'accounts', op: 'put', id: '77', record }]);
  await night({ entityTypes: rosters });
  simulator.clearRequests();
  return '77';
}

test('a roster that was made on our side goes in file by file in one night, each row naming others by their SIS ids', async () => {
  const school = await openSchool(rosters, 0);
  const { stage, ours, pick, night, writes } = school;
  const make = (entityType: EntityType, id: string, value: JsonObject) =>
    stage.edit(entityType, id, { status: 'active', ...value });
  await make('org', 'o', { name: 'Cedar High', type: 'school', identifier: '9001' });
  await make('academicSession', 't', {
    title: 'Summer',
    type: 'term',
    startDate: '2026-06-15',
    endDate: '2026-07-31',
    metadata: { sis_term_id: 'SU26' },
  });
  await make('course', 'c', {
    title: 'Chess, for all',
    orgSourcedId: 'o',
    schoolYearSourcedId: 't',
    metadata: { sis_course_id: 'CH-1' },
  });
  await make('class', 's', {
    title: 'Chess A',
    courseSourcedId: 'c',
    termSourcedIds: [],
    beginDate: '2026-06-16',
    metadata: { sis_section_id: 'CH-1-A' },
  });
  await make('user', 'u', {
    enabledUser: true,
    givenName: 'Ada',
    familyName: 'Lovelace',
    roles: [],
    username: 'ada',
    identifier: '4711',
  });
  await make('enrollment', 'e', {
    userSourcedId: 'u',
    classSourcedId: 's',
    role: 'aide',
    endDate: '2026-07-31',
  });

  const report = await night({ entityTypes: rosters });

  expect(report.problems).toEqual([]);
  expect(outcomes(report)).toEqual(rosters.map((entityType) => `${entityType} create accepted`).toSorted());
  expect(writes()).toEqual(rosters.map(() => upload));
  expect(files(school)).toEqual([
    ['account_id,parent_account_id,name,status', '9001,,Cedar High,active'],
    [
      'term_id,name,start_date,end_date,status',
      'SU26,Summer,2026-06-15T07:00:00.000Z,2026-08-01T06:59:00.000Z,active',
    ],
    [
      'course_id,short_name,long_name,account_id,term_id,status',
      'CH-1,"Chess, for all","Chess, for all",9001,SU26,active',
    ],
    ['section_id,course_id,name,start_date,status', 'CH-1-A,CH-1,Chess A,2026-06-16T07:00:00.000Z,active'],
    ['user_id,login_id,first_name,last_name,status', '4711,ada,Ada,Lovelace,active'],
    ['section_id,user_id,role,end_date,status', 'CH-1-A,4711,ta,2026-08-01T06:59:00.000Z,active'],
  ]);
  // All have Canvas' ids now, wherever they are referred to.
  const made = await pick('enrollment', ({ role }) => role === 'aide');
  const section = (await ours('class')).get(textOf(made.value['classSourcedId']));
  expect(section).toMatchObject({ title: 'Chess A', beginDate: '2026-06-16' });
  const course = (await ours('course')).get(textOf(section?.['courseSourcedId']));
  expect((await ours('org')).get(textOf(course?.['orgSourcedId']))).toMatchObject({ name: 'Cedar High' });
  // What a section takes from its course is there when the course has been read.
  const { changes } = await night({ entityTypes: rosters });
  expect(changes.map(({ fields }) => fields.map(({ pointer }) => pointer))).toEqual([
    ['/schoolSourcedId', '/termSourcedIds'],
  ]);
  expect((await night({ entityTypes: rosters })).changes).toEqual([]);
});

test('a change leaves alone what is not changed: dates to the minute, other ids, and that a course is over', async () => {
  const school = await openSchool(rosters, 0);
  const { stage, pick, night, simulator } = school;
  const { id: courseId } = await pick('course');
  const { id: classId } = await pick('class', ({ courseSourcedId }) => courseSourcedId === courseId);
  const { id: accountId } = await pick('org', ({ type }) => type === 'school');
  const held = { integration_id: 'i-1', start_at: '2025-08-18T15:30:00Z', end_at: '2026-06-06T06:59:59Z' };
  const over = { ...held, workflow_state: 'completed' };
  const put = (collection: 'accounts' | 'courses' | 'sections', id: string, members: JsonObject) =>
    simulator.edit([
      { collection, op: 'put', id, record: { ...simulator.record(collection, id), ...members } },
    ]);
  put('courses', courseId, over);
  put('sections', classId, held);
  put('accounts', accountId, { integration_id: 'i-2' });
  await night({ entityTypes: rosters });
  for (const [entityType, id, member] of [
    ['org', accountId, 'name'],
    ['course', courseId, 'title'],
    ['class', classId, 'title'],
  ] as const) {
    const { value } = await pick(entityType, (_, known) => known === id);
    await stage.edit(entityType, id, { ...value, [member]: 'Renamed' });
  }

  const report = await night({ entityTypes: rosters });

  expect(outcomes(report)).toEqual([
    'class update accepted',
    'course update accepted',
    'org update accepted',
  ]);
  expect(simulator.record('courses', courseId)).toMatchObject({ name: 'Renamed', ...over });
  expect(simulator.record('sections', classId)).toMatchObject({ name: 'Renamed', ...held });
  expect(simulator.record('accounts', accountId)).toMatchObject({ name: 'Renamed', integration_id: 'i-2' });
  expect((await night({ entityTypes: rosters })).changes).toEqual([]);
});

test('a course moves to another account and term, and an enrollment becomes inactive with the days it has', async () => {
  const school = await openSchool(rosters, 0);
  const { stage, pick, night, simulator } = school;
  const accountId = await addAccount(school);
  const course = await pick('course');
  const term = await pick(
    'academicSession',
    ({ metadata, type }, id) =>
      type === 'term' && metadata !== undefined && id !== course.value['schoolYearSourcedId'],
  );
  await stage.edit('course', course.id, {
    ...course.value,
    orgSourcedId: accountId,
    schoolYearSourcedId: term.id,
  });
  const enrollment = await pick('enrollment');
  await stage.edit('enrollment', enrollment.id, {
    ...enrollment.value,
    status: 'inactive',
    endDate: '2026-01-30',
  });

  const report = await night({ entityTypes: rosters });

  expect(outcomes(report)).toEqual(['course update accepted', 'enrollment update accepted']);
  expect(simulator.record('courses', course.id)).toMatchObject({
    account_id: accountId,
    enrollment_term_id: term.id,
  });
  expect(simulator.record('enrollments', enrollment.id)).toMatchObject({
    enrollment_state: 'inactive',
    end_at: '2026-01-31T07:59:00Z',
  });
});

test('what is deleted goes from below; what Canvas does not delete is refused in its words', async () => {
  const school = await openSchool(rosters, 0);
  const { stage, ours, pick, night, writes, simulator } = school;
  const accountId = await addAccount(school);
  const { id: courseId, value } = await pick('course');
  const inCourse = (ids: readonly string[]) => ids.filter((id) => splitId(id)[0] === courseId);
  const classIds = inCourse([...(await ours('class')).keys()]);
  const enrolled = [...(await ours('enrollment'))].filter(([, { classSourcedId }]) =>
    classIds.includes(textOf(classSourcedId)),
  );
  await stage.choose({ writeBack: rosters, limits: { toTheirs: { delete: 'off' } } });
  for (const [id] of enrolled) await stage.edit('enrollment', id, null);
  for (const id of classIds) await stage.edit('class', id, null);
  await stage.edit('course', courseId, null);
  await stage.edit('org', accountId, null);
  await stage.edit('org', textOf(value['orgSourcedId']), null);

  const report = await night({ entityTypes: rosters });

  expect(writes()).toEqual([upload, upload, upload, upload]);
  const byState = Map.groupBy(report.pushes, ({ state }) => state);
  expect(byState.get('accepted')).toHaveLength(enrolled.length + classIds.length + 2);
  expect(byState.get('refused')?.map(({ recordId }) => recordId)).toEqual([value['orgSourcedId']]);
  expect(JSON.stringify(report.problems)).toContain('because it has active courses');
  expect(simulator.record('courses', courseId)).toBeUndefined();
});

test('what an import cannot say is refused alone, with what to do about it', async () => {
  const { stage, ours, pick, night, simulator, writes } = await openSchool(rosters, 0);
  const bare = await pick('enrollment');
  const classId = textOf(bare.value['classSourcedId']);
  // Somebody made this section in Canvas.
  const byHand = { ...simulator.record('sections', classId), sis_section_id: null };
  simulator.edit([{ collection: 'sections', op: 'put', id: classId, record: byHand }]);
  await night({ entityTypes: rosters });
  const elsewhere = await pick('enrollment', ({ classSourcedId }) => classSourcedId !== classId);
  const root = await pick('org', ({ type }) => type === 'district');
  const period = await pick('academicSession', ({ type }) => type === 'gradingPeriod');
  await stage.edit('enrollment', bare.id, { ...bare.value, status: 'inactive' });
  await stage.edit('enrollment', elsewhere.id, { ...elsewhere.value, status: 'inactive' });
  await stage.edit('class', classId, { ...(await ours('class')).get(classId), title: 'Renamed' });
  await stage.edit('org', root.id, { ...root.value, name: 'Renamed' });
  await stage.edit('academicSession', period.id, { ...period.value, title: 'Renamed' });

  const report = await night({ entityTypes: rosters });

  expect(writes()).toEqual([upload]);
  const refused = report.problems.map(({ entityType, data }) => [entityType, data] as const);
  expect(Object.fromEntries(refused)).toMatchObject({
    org: { what: 'the root account', change: 'change it in Canvas' },
    academicSession: { id: period.id },
    class: { member: '/metadata/sis_section_id', change: 'give it one at the vendor' },
    enrollment: {
      pointer: '/classSourcedId',
      entityType: 'class',
      recordId: classId,
      change: 'give that one such an id at the vendor',
    },
  });
  expect(report.pushes.find(({ recordId }) => recordId === elsewhere.id)?.state).toBe('accepted');
});

test('how far Canvas is with an import is shown with the run', async () => {
  const { stage, pick } = await openSchool(['user'], 0);
  const { id, value } = await pick('user');
  await stage.edit('user', id, { ...value, familyName: 'Renamed' });
  const runId = await stage.start();
  expect(await stage.deliver(runId)).toBe('waiting');

  const shown = async () => {
    const { result } = await stage.call('runs.get.v1', { customerId: stage.customerId, runId });
    const entityTypes = result?.['entityTypes'] as readonly JsonObject[];
    return entityTypes.find(({ entityType }) => entityType === 'user')?.['upload'];
  };
  expect(await shown()).toEqual({ records: 1, percent: null });
  stage.clock.skip(3_000);
  await stage.deliver(runId);
  expect(await shown()).toEqual({ records: 1, percent: expect.any(Number) });
  stage.clock.skip(20_000);
  expect(await stage.deliver(runId)).toBe('finished');
  expect(await shown()).toBeNull();
});

test('people go in by one import, which is asked for until it is done; each is read again, and new ones get their ids', async () => {
  const { stage, pick, night, writes } = await openSchool(['user'], 0);
  const renamed = await pick('user');
  const gone = await pick('user', undefined, 1);
  await stage.edit('user', renamed.id, { ...renamed.value, givenName: 'Ada, "Ace"' });
  await stage.edit('user', gone.id, null);
  await stage.edit('user', 'our-newcomer', {
    status: 'active',
    enabledUser: true,
    givenName: 'Ada',
    familyName: 'Lovelace',
    roles: [],
    username: 'ada.lovelace',
    identifier: '4711',
    email: 'ada@maplevalley.example',
  });

  const report = await night({ entityTypes: ['user'] });

  // Who is deleted comes last, in an import of its own.
  const upload = 'POST /api/v1/accounts/:id/sis_imports 200';
  expect(writes()).toEqual([upload, upload]);
  expect(Object.fromEntries(report.pushes.map(({ action, state }) => [action, state]))).toEqual({
    update: 'accepted',
    delete: 'accepted',
    create: 'accepted',
  });
  const sent = stage.tap.sent.find(({ method }) => method === 'POST');
  expect(sent?.headers['content-type']).toContain('text/csv');
  expect(new TextDecoder().decode(sent?.body as Uint8Array)).toContain('"Ada, ""Ace"""');
  const ada = await pick('user', ({ identifier }) => identifier === '4711');
  expect(ada.value).toMatchObject({
    givenName: 'Ada',
    familyName: 'Lovelace',
    email: 'ada@maplevalley.example',
  });
  expect((await night({ entityTypes: ['user'] })).changes).toEqual([]);
});

test('a row that the import passes over is refused in the words of its warning, and the other rows are taken', async () => {
  const { stage, pick, night } = await openSchool(['user'], 0);
  const one = await pick('user');
  const other = await pick('user', undefined, 1);
  await stage.edit('user', one.id, { ...one.value, username: other.value.username ?? '' });
  await stage.edit('user', other.id, { ...other.value, email: 'new@maplevalley.example' });

  const report = await night({ entityTypes: ['user'] });

  const states = new Map(report.pushes.map(({ recordId, state }) => [recordId, state]));
  expect(states).toEqual(
    new Map([
      [one.id, 'refused'],
      [other.id, 'accepted'],
    ]),
  );
  expect(JSON.stringify(report.problems)).toContain('has already claimed');
});
