import { readFileSync } from 'node:fs';
import { createManualClock } from '@flotilla/substrate/clock/clock.manual';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { Ajv } from 'ajv';
import addFormatsModule from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { textOf } from './simulator/text-of.ts';
import { type Answer, findWork, listIn, openAsked } from './simulator.fixture.ts';

const schemas = JSON.parse(
  readFileSync(new URL('../fixtures/google-schema-parts.json', import.meta.url), 'utf8'),
) as { readonly $defs: Readonly<Record<string, object>> };
const ajv = new Ajv({ strict: false, allErrors: true });
addFormatsModule.default(ajv);
ajv.addSchema(schemas, 'google');

/** What is wrong with an answer by Google's own documents. */
function faultsOf(name: string, value: unknown): readonly string[] {
  const validate = ajv.getSchema(`google#/$defs/${name}`);
  if (validate === undefined) throw new RangeError(`no schema ${name}`);
  return validate(value) === true
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function errorOf({ json }: Answer): JsonObject {
  return json.error as JsonObject;
}

const users = '/admin/directory/v1/users?customer=my_customer';

describe('answers are those of the discovery documents', () => {
  test.each([
    ['/v1/courses?pageSize=5', 'ListCoursesResponse', 'courses'],
    ['/v1/courses/COURSE/students', 'ListStudentsResponse', 'students'],
    ['/v1/courses/COURSE/teachers', 'ListTeachersResponse', 'teachers'],
    ['/v1/courses/COURSE/topics', 'ListTopicResponse', 'topic'],
    ['/v1/courses/COURSE/courseWork', 'ListCourseWorkResponse', 'courseWork'],
    [
      '/v1/courses/COURSE/courseWork/-/studentSubmissions',
      'ListStudentSubmissionsResponse',
      'studentSubmissions',
    ],
    ['/v1/userProfiles/-/guardians', 'ListGuardiansResponse', 'guardians'],
    [`${users}&maxResults=20`, 'Users', 'users'],
    [
      '/admin/directory/v1/customer/my_customer/orgunits?type=allIncludingParent',
      'OrgUnits',
      'organizationUnits',
    ],
  ])('%s', async (path, schema, member) => {
    // Every twentieth student has a guardian.
    const students = member === 'guardians' ? 20 : 3;
    const asked = await openAsked({ district: { students, assignments: 8, seed: 7 } });
    const { own } = await findWork(asked);

    const answer = await asked.get(path.replace('COURSE', textOf(own.courseId)));

    expect(answer.status).toBe(200);
    expect(listIn(answer, member).length).toBeGreaterThan(0);
    expect(faultsOf(schema, answer.json)).toEqual([]);
  });

  test('one by one too', async () => {
    const asked = await openAsked();
    const { own } = await findWork(asked);
    const course = `/v1/courses/${textOf(own.courseId)}`;
    const [student] = listIn(await asked.get(`${course}/students`), 'students');
    const [submission] = listIn(
      await asked.get(`${course}/courseWork/-/studentSubmissions`),
      'studentSubmissions',
    );
    const [user] = listIn(await asked.get(users), 'users');

    for (const [path, schema] of [
      [course, 'Course'],
      [`${course}/students/${textOf(student?.userId)}`, 'Student'],
      [`${course}/courseWork/${textOf(own.id)}`, 'CourseWork'],
      [
        `${course}/courseWork/${textOf(submission?.courseWorkId)}/studentSubmissions/${textOf(submission?.id)}`,
        'StudentSubmission',
      ],
      [`/v1/userProfiles/${textOf(student?.userId)}`, 'UserProfile'],
      ['/v1/userProfiles/me', 'UserProfile'],
      [`/admin/directory/v1/users/${textOf(user?.id)}`, 'User'],
      [`/admin/directory/v1/users/${textOf(user?.primaryEmail)}`, 'User'],
    ] as const) {
      const answer = await asked.get(path);
      expect(answer.status, path).toBe(200);
      expect(faultsOf(schema, answer.json), path).toEqual([]);
    }
    for (const [member, schema] of [
      ['emails', 'UserEmail'],
      ['externalIds', 'UserExternalId'],
      ['organizations', 'UserOrganization'],
      ['phones', 'UserPhone'],
    ] as const) {
      const all = listIn(await asked.get(`${users}&maxResults=500`), 'users');
      const entries = all.flatMap((one) => (one[member] ?? []) as readonly JsonObject[]);
      expect(entries.length, member).toBeGreaterThan(0);
      expect(entries.flatMap((entry) => faultsOf(schema, entry))).toEqual([]);
    }
  });

  test('a list that is empty has no list', async () => {
    const asked = await openAsked({ district: { students: 3, assignments: 0 } });
    const [course] = listIn(await asked.get('/v1/courses'), 'courses');
    expect((await asked.get(`/v1/courses/${textOf(course?.id)}/courseWork`)).json).toEqual({});
    expect((await asked.get('/v1/userProfiles/-/guardians')).json).toEqual({});
  });
});

describe('lists', () => {
  test('are cut into pages by tokens, each of which is good for the request that brought it', async () => {
    const asked = await openAsked();
    const first = await asked.get('/v1/courses?pageSize=7');
    const token = encodeURIComponent(textOf(first.json.nextPageToken));

    const second = await asked.get(`/v1/courses?pageSize=7&pageToken=${token}`);
    expect(listIn(second, 'courses').map(({ id }) => id)).not.toEqual(
      listIn(first, 'courses').map(({ id }) => id),
    );

    for (const path of [
      `/v1/courses?courseStates=ACTIVE&pageToken=${token}`,
      `/v1/courses?pageToken=${token}x`,
      '/v1/courses?pageToken=7',
    ]) {
      const refused = await asked.get(path);
      expect([refused.status, errorOf(refused).status], path).toEqual([400, 'INVALID_ARGUMENT']);
    }
  });

  test('forget their tokens', async () => {
    const clock = createManualClock();
    const asked = await openAsked({ clock, pageTokenSeconds: 60 });
    const { json } = await asked.get('/v1/courses?pageSize=7');
    const next = `/v1/courses?pageSize=7&pageToken=${encodeURIComponent(textOf(json.nextPageToken))}`;
    expect((await asked.get(next)).status).toBe(200);
    await clock.advance(60_000);
    expect(errorOf(await asked.get(next))).toEqual({
      code: 400,
      message: 'Request contains an invalid argument.',
      status: 'INVALID_ARGUMENT',
    });
  });

  test.each([
    ['/v1/courses?updatedSince=2026-01-01', 400, /Unknown name "updatedSince": Cannot bind query parameter/],
    ['/v1/courses?pageSize=many', 400, /Invalid value at 'page_size'/],
    ['/v1/courses?pageSize=-1', 400, /invalid argument/],
    ['/v1/courses?pageSize=1&pageSize=2', 400, /not repeating/],
    ['/v1/courses?courseStates=OPEN', 400, /Invalid value at 'course_states'/],
    ['/v1/courses?teacherId=me&studentId=me', 400, /invalid argument/],
    ['/v1/courses?teacherId=nobody@maplevalley.example', 404, /not found/],
    ['/v1/courses/4711', 404, /not found/],
    ['/v1/courses/4711/students', 404, /not found/],
    ['/v1/userProfiles/4711', 403, /does not have permission/],
    ['/admin/directory/v1/users', 400, /Bad Request/],
    [`${users}&maxResults=501`, 400, /within the range: \[1, 500\]/],
    ['/admin/directory/v1/users?customer=C00other', 403, /Not Authorized/],
    ['/admin/directory/v1/users/nobody@maplevalley.example', 404, /Resource Not Found/],
    ['/admin/directory/v1/customer/my_customer/orgunits?type=some', 400, /Invalid Input/],
  ])('%s is refused with %i', async (path, status, message) => {
    const asked = await openAsked();
    const answer = await asked.get(path);
    expect(answer.status).toBe(status);
    expect(errorOf(answer)).toMatchObject({ code: status, message: expect.stringMatching(message) });
  });

  test('of what one person has to do with are shorter', async () => {
    const asked = await openAsked();
    const all = listIn(await asked.get('/v1/courses'), 'courses');
    const { json } = await asked.get(`/v1/courses?teacherId=${textOf(all[0]?.ownerId)}`);
    expect((json.courses as readonly JsonObject[]).length).toBeLessThan(all.length);
    expect((json.courses as readonly JsonObject[]).map(({ id }) => id)).toContain(all[0]?.id);
  });
});

describe('a token', () => {
  test('opens what its scopes open', async () => {
    const asked = await openAsked();
    const authorization = `Bearer ${await asked.token(['classroom.courses.readonly'])}`;
    expect((await asked.call('GET', '/v1/courses', undefined, { authorization })).status).toBe(200);
    const [course] = listIn(await asked.get('/v1/courses'), 'courses');
    for (const path of [
      `/v1/courses/${textOf(course?.id)}/students`,
      users,
      '/v1/userProfiles/-/guardians',
    ]) {
      const refused = await asked.call('GET', path, undefined, { authorization });
      expect(errorOf(refused), path).toMatchObject({
        code: 403,
        message: 'Request had insufficient authentication scopes.',
      });
    }
  });

  test('shows addresses in profiles to those alone who asked for them', async () => {
    const asked = await openAsked();
    const [course] = listIn(await asked.get('/v1/courses'), 'courses');
    const path = `/v1/courses/${textOf(course?.id)}/teachers`;
    const authorization = `Bearer ${await asked.token(['classroom.rosters.readonly'])}`;
    const [seen] = listIn(await asked.get(path), 'teachers');
    const [blind] = listIn(await asked.call('GET', path, undefined, { authorization }), 'teachers');
    const { emailAddress, ...profile } = (seen?.profile ?? {}) as JsonObject;
    expect(emailAddress).toContain('@');
    expect(blind?.profile).toEqual(profile);
  });

  test('is needed, and dies', async () => {
    const clock = createManualClock();
    const asked = await openAsked({ clock });
    const refused = await asked.call('GET', '/v1/courses', undefined, { authorization: 'Bearer unknown' });
    expect(errorOf(refused)).toMatchObject({ code: 401, status: 'UNAUTHENTICATED' });
    expect((await asked.get('/v1/courses')).status).toBe(200);
    await clock.advance(3_600_000);
    expect((await asked.get('/v1/courses')).status).toBe(401);
  });
});

describe('quotas', () => {
  test.each([
    ['of one user', { user: 3 }, '/v1/courses', 429, { status: 'RESOURCE_EXHAUSTED' }],
    ['of the project', { project: 3 }, '/v1/courses', 429, { status: 'RESOURCE_EXHAUSTED' }],
    [
      'of the Directory',
      { directory: 3 },
      users,
      403,
      { errors: [expect.objectContaining({ reason: 'quotaExceeded' })] },
    ],
  ])(
    '%s refuse what is too much for a minute, and no more than that',
    async (_, quotas, path, status, error) => {
      const clock = createManualClock();
      const asked = await openAsked({ clock, quotas });
      for (let count = 0; count < 3; count++) expect((await asked.get(path)).status).toBe(200);
      const refused = await asked.get(path);
      expect(refused.status).toBe(status);
      expect(errorOf(refused)).toMatchObject({ code: status, ...error });
      await clock.advance(60_001);
      expect((await asked.get(path)).status).toBe(200);
    },
  );
});

describe('course work', () => {
  const essay = { title: 'Essay', workType: 'ASSIGNMENT', state: 'PUBLISHED', maxPoints: 20 };

  test('is created for our project, with a submission for every student, changed by its mask, and deleted', async () => {
    const asked = await openAsked();
    const { own } = await findWork(asked);
    const list = `/v1/courses/${textOf(own.courseId)}/courseWork`;
    const students = listIn(
      await asked.get(`/v1/courses/${textOf(own.courseId)}/students?pageSize=100`),
      'students',
    );

    const created = await asked.call('POST', list, essay);
    expect(created.status).toBe(200);
    expect(faultsOf('CourseWork', created.json)).toEqual([]);
    expect(created.json).toMatchObject({ ...essay, associatedWithDeveloper: true });
    const at = `${list}/${textOf(created.json.id)}`;
    const submissions = listIn(await asked.get(`${at}/studentSubmissions`), 'studentSubmissions');
    expect(submissions.map(({ userId }) => textOf(userId)).toSorted()).toEqual(
      students.map(({ userId }) => textOf(userId)).toSorted(),
    );

    const due = { dueDate: { year: 2026, month: 2, day: 28 }, dueTime: { hours: 23, minutes: 59 } };
    const changed = await asked.call('PATCH', `${at}?updateMask=due_date,dueTime,max_points`, {
      ...due,
      title: 'Not named',
    });
    expect(changed.json).toMatchObject({ ...due, title: 'Essay' });
    expect(changed.json.maxPoints).toBeUndefined();

    expect((await asked.call('DELETE', at)).json).toEqual({});
    expect((await asked.get(at)).status).toBe(404);
    expect((await asked.call('DELETE', at)).status).toBe(404);
  });

  test.each<[string, string, unknown, RegExp]>([
    ['POST', '', { ...essay, points: 20 }, /Unknown name "points" at 'course_work': Cannot find field/],
    ['POST', '', { ...essay, title: 7 }, /Invalid value at 'course_work.title' \(TYPE_STRING\), 7/],
    ['POST', '', { ...essay, state: 'OPEN' }, /Invalid value at 'course_work.state'/],
    [
      'POST',
      '',
      { ...essay, dueDate: { year: 2026, month: 1, day: 1, hour: 1 } },
      /Unknown name "hour" at 'course_work.due_date'/,
    ],
    ['POST', '', { ...essay, dueDate: { year: 2026, month: 1, day: 1 } }, /invalid argument/],
    ['POST', '', { ...essay, dueDate: { year: 2026, month: 2, day: 30 }, dueTime: {} }, /invalid argument/],
    ['POST', '', { ...essay, maxPoints: 10.5 }, /invalid argument/],
    ['POST', '', { title: 'Without a type' }, /invalid argument/],
    ['POST', '', { ...essay, title: '' }, /invalid argument/],
    ['POST', '?dryRun=true', essay, /Unknown name "dryRun"/],
    ['POST', '', '{', /Unexpected token/],
    ['PATCH', '/OWN', { title: 'No mask' }, /update_mask is required/],
    ['PATCH', '/OWN?updateMask=workType', { workType: 'ASSIGNMENT' }, /workType cannot be updated/],
    ['PATCH', '/OWN?updateMask=title', {}, /invalid argument/],
    ['PATCH', '/OWN?updateMask=dueDate', {}, /invalid argument/],
  ])('%s courseWork%s %j is refused', async (method, rest, body, message) => {
    const asked = await openAsked();
    const { own } = await findWork(asked);
    const path = `/v1/courses/${textOf(own.courseId)}/courseWork${rest.replace('OWN', textOf(own.id))}`;
    // All of these need what was to be there before.
    const before = await asked.get(`/v1/courses/${textOf(own.courseId)}/courseWork`);
    const refused = await asked.call(method, path, body);
    expect([refused.status, errorOf(refused).status]).toEqual([400, 'INVALID_ARGUMENT']);
    expect(errorOf(refused).message).toMatch(message);
    expect((await asked.get(`/v1/courses/${textOf(own.courseId)}/courseWork`)).json).toEqual(before.json);
  });

  test('of somebody else is not ours to change, to grade, to return or to delete', async () => {
    const asked = await openAsked();
    const { theirs } = await findWork(asked);
    const at = `/v1/courses/${textOf(theirs.courseId)}/courseWork/${textOf(theirs.id)}`;
    const [submission] = listIn(await asked.get(`${at}/studentSubmissions`), 'studentSubmissions');
    const one = `${at}/studentSubmissions/${textOf(submission?.id)}`;
    for (const [method, path, body] of [
      ['PATCH', `${at}?updateMask=title`, { title: 'Ours' }],
      ['DELETE', at, undefined],
      ['PATCH', `${one}?updateMask=assignedGrade`, { assignedGrade: 1 }],
      ['POST', `${one}:return`, {}],
    ] as const) {
      const refused = await asked.call(method, path, body);
      expect(errorOf(refused), `${method} ${path}`).toMatchObject({
        code: 403,
        status: 'PERMISSION_DENIED',
        message: expect.stringContaining('@ProjectPermissionDenied'),
      });
    }
  });

  test('is graded by the mask, to two decimals, and given back', async () => {
    const asked = await openAsked();
    const { own } = await findWork(asked);
    const at = `/v1/courses/${textOf(own.courseId)}/courseWork/${textOf(own.id)}/studentSubmissions`;
    const [submission] = listIn(await asked.get(at), 'studentSubmissions');
    const one = `${at}/${textOf(submission?.id)}`;

    const graded = await asked.call('PATCH', `${one}?updateMask=assignedGrade,draft_grade`, {
      assignedGrade: 7.12345,
      draftGrade: 7.12345,
    });
    expect(faultsOf('StudentSubmission', graded.json)).toEqual([]);
    expect(graded.json).toMatchObject({ assignedGrade: 7.12, draftGrade: 7.12 });
    const emptied = await asked.call('PATCH', `${one}?updateMask=assignedGrade`, {});
    expect(emptied.json).toMatchObject({ draftGrade: 7.12 });
    expect(emptied.json.assignedGrade).toBeUndefined();
    expect((await asked.call('POST', `${one}:return`, {})).json).toEqual({});
    expect((await asked.get(one)).json).toMatchObject({ state: 'RETURNED' });

    for (const [path, body, message] of [
      [`${one}?updateMask=state`, { state: 'RETURNED' }, /state cannot be updated/],
      [`${one}?updateMask=assignedGrade`, { assignedGrade: -1 }, /invalid argument/],
      [`${one}?updateMask=assignedGrade`, { grade: 1 }, /Unknown name "grade" at 'student_submission'/],
    ] as const) {
      const refused = await asked.call('PATCH', path, body);
      expect([refused.status, errorOf(refused).message]).toEqual([400, expect.stringMatching(message)]);
    }
  });

  test.each([
    ['states=RETURNED', ({ state }: JsonObject) => state === 'RETURNED'],
    ['late=LATE_ONLY', ({ late }: JsonObject) => late === true],
    ['late=NOT_LATE_ONLY', ({ late }: JsonObject) => late !== true],
  ])('shows the submissions that %s asks for', async (query, isMeant) => {
    const asked = await openAsked();
    const { own } = await findWork(asked);
    const path = `/v1/courses/${textOf(own.courseId)}/courseWork/-/studentSubmissions`;
    const all = listIn(await asked.get(path), 'studentSubmissions');
    expect(listIn(await asked.get(`${path}?${query}`), 'studentSubmissions')).toEqual(all.filter(isMeant));
    expect((await asked.get(`${path}?states=DONE`)).status).toBe(400);
    expect((await asked.get(`${path}?late=YES`)).status).toBe(400);
    expect((await asked.get(`${path.replace('/-/', '/4711/')}`)).status).toBe(404);
  });
});
