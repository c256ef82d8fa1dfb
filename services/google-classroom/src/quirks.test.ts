import { isJsonObject, type JsonObject } from '@flotilla/substrate/json/json-value';
import type { EntityValue } from '@flotilla/substrate/model';
import { openClient } from '@flotilla/substrate/testing/open-client';
import { openVendorStage, type VendorStage } from '@flotilla/substrate/testing/vendor-stage';
import { describe, expect, onTestFinished, test } from 'vitest';
import { users } from './entities/users.ts';
import { userList } from './paths.ts';
import {
  type ClassroomSimulator,
  type ClassroomSimulatorOptions,
  createClassroomSimulator,
} from './simulator.ts';
import { googleClassroom } from './vendor.ts';

type Page = Awaited<ReturnType<ReturnType<typeof openClient>['client']['fetchPage']>>;

async function open(
  options: ClassroomSimulatorOptions = {},
  entered: JsonObject = {},
): Promise<VendorStage<ClassroomSimulator>> {
  const stage = await openVendorStage({
    vendor: googleClassroom,
    createSimulator: ({ clock }) =>
      createClassroomSimulator({ clock, district: { students: 3, assignments: 3, seed: 7 }, ...options }),
    connection: ({ connection }) => ({ ...connection, ...entered }),
    credential: ({ credential }) => credential,
    pageSize: 50,
  });
  onTestFinished(() => stage.close());
  return stage;
}

async function valuesOf<T extends 'user' | 'org'>(
  stage: VendorStage<ClassroomSimulator>,
  entityType: T,
): Promise<ReadonlyMap<string, EntityValue<T>>> {
  const rows = await stage.stored(undefined, entityType);
  return new Map(rows.map(({ recordId, value }) => [recordId, value as EntityValue<T>]));
}

describe('quotas', () => {
  test('that the Directory says are used up with 403 are waited for, and nobody is told that the credentials are bad', async () => {
    const stage = await open({ quotas: { directory: 1 } });

    const { run } = await stage.sync();

    expect(run).toMatchObject({ state: 'succeeded', failure: null });
    const refused = stage.attempts.flatMap(({ failure }) => (failure === undefined ? [] : [failure.code]));
    expect(new Set(refused)).toEqual(new Set(['rate_limited']));
  });

  test('of Classroom are never used up at our pace', async () => {
    const stage = await open({ quotas: { user: 1_200, project: 3_000 } });
    await stage.sync();
    expect(stage.simulator.requests().filter(({ status }) => status === 429)).toEqual([]);
    const { requests, perSeconds } = googleClassroom.api.limits;
    expect((requests / perSeconds) * 60).toBeLessThan(1_200);
  });
});

test('a list whose page token has expired is begun anew, and is whole', async () => {
  const stage = await open({ pageTokenSeconds: 60, longestPage: 10 });
  stage.simulator.addFault('GET /v1/courses page=2: delay=61s');

  const { run, entityTypes } = await stage.sync({ entityTypes: ['course'] });

  expect(run.state).toBe('succeeded');
  expect(entityTypes.get('course')).toMatchObject({ failure: null });
  expect(stage.simulator.requests('GET /v1/courses page=1')).toHaveLength(2);
  expect((await stage.stored(undefined, 'course')).length).toBe(stage.simulator.counts().courses);
});

test('one scope that the administrator has not granted refuses the token, and the advice is to look at the credentials', async () => {
  const stage = await open({ granted: ['classroom.courses.readonly', 'classroom.rosters.readonly'] });
  const { run } = await stage.sync();
  expect(run).toMatchObject({ state: 'failed', failure: { code: 'credentials_rejected' } });
  expect(JSON.stringify(run.failure)).toContain('unauthorized_client');
});

test('fewer scopes may be asked for, and then the rest goes on', async () => {
  const scopes = ['courses', 'rosters'].map(
    (name) => `https://www.googleapis.com/auth/classroom.${name}.readonly`,
  );
  const stage = await open(
    { granted: ['classroom.courses.readonly', 'classroom.rosters.readonly'] },
    { scopes },
  );
  const { run } = await stage.sync({ entityTypes: ['course', 'class'] });
  expect(run).toMatchObject({ state: 'succeeded', failure: null });
});

test('no scope is asked for that the connection has no use for', async () => {
  const { simulator } = await open();
  const scopesUnder = (entered: JsonObject) => {
    const connection = googleClassroom.api.connection.parse(entered);
    const style = googleClassroom.api.authorize(
      googleClassroom.api.credential.parse(simulator.credential),
      connection,
    );
    if (style.kind !== 'jwtBearer') throw new TypeError('not signed');
    return style.scopes.map((scope) => scope.replace('https://www.googleapis.com/auth/', ''));
  };
  expect(scopesUnder({})).toEqual([
    'admin.directory.orgunit.readonly',
    'admin.directory.user.readonly',
    'classroom.courses.readonly',
    'classroom.rosters.readonly',
    'classroom.coursework.students.readonly',
  ]);
  expect(scopesUnder({ gradebook: 'assign' })).toContain('classroom.coursework.students');
  expect(scopesUnder({ guardians: true })).toContain('classroom.guardianlinks.students.readonly');
});

test('users are asked for where the Directory is, page by page, which is another origin than that of Classroom', async () => {
  const classroom = createClassroomSimulator({ district: { students: 3 } });
  const directory = createClassroomSimulator({ district: { students: 3 }, longestPage: 10 });
  for (const one of [classroom, directory]) {
    onTestFinished(() => one.close());
    await one.listen();
  }
  const { client, connection } = openClient(googleClassroom, {
    connection: {
      ...classroom.connection,
      directoryUrl: directory.origin,
      tokenUrl: `${directory.origin}/token`,
    },
    credential: directory.credential,
  });
  onTestFinished(() => client.close());
  const asked = userList(connection as Parameters<typeof userList>[0], 'users');

  expect(asked.path).toBe(`${directory.origin}/admin/directory/v1/users`);

  let received = 0;
  let cursor: Page['cursor'] = null;
  do {
    const { path, query = {}, paging = googleClassroom.api.paging } = asked;
    const page: Page = await client.fetchPage({
      path,
      query,
      paging,
      cursor,
      recordsOf: (json) => (isJsonObject(json) && Array.isArray(json.users) ? json.users : []),
    });
    received += page.records.length;
    cursor = page.cursor;
  } while (cursor !== null);

  expect(received).toBe(directory.counts().users);
  expect(received).toBeGreaterThan(10);
  expect(classroom.requests()).toEqual([]);
  // Nor does a request go to whoever is neither.
  await expect(client.request({ path: 'https://elsewhere.example/v1/courses' })).rejects.toMatchObject({
    code: 'vendor_answer_invalid',
    data: { problem: 'link_off_origin' },
  });
  // At Google itself nothing has to be entered.
  expect(
    userList(googleClassroom.api.connection.parse({}) as Parameters<typeof userList>[0], 'users').path,
  ).toBe('https://admin.googleapis.com/admin/directory/v1/users');
});

describe('people', () => {
  // Every twentieth student has a guardian.
  const withGuardian = { district: { students: 20, assignments: 0, seed: 7 } };
  const people = { entityTypes: ['org', 'user'] } as const;

  test('are at the school in whose unit they are, and in the role that their title names', async () => {
    const stage = await open(withGuardian);
    await stage.sync(people);
    const orgs = await valuesOf(stage, 'org');
    const found = [...(await valuesOf(stage, 'user')).values()];

    expect(orgs.get('/')).toMatchObject({ type: 'district' });
    expect(orgs.get('/Schools')).toMatchObject({ type: 'ext:organizationalUnit', parentSourcedId: '/' });
    const student = found.find(({ roles }) => roles[0]?.role === 'student');
    expect(orgs.get(student?.primaryOrgSourcedId ?? '')).toMatchObject({
      type: 'school',
      parentSourcedId: '/Schools',
    });
    expect(student?.metadata).toEqual({ orgUnitPath: `${student?.primaryOrgSourcedId}/Students` });
    expect(new Set(found.map(({ roles }) => roles[0]?.role))).toEqual(
      new Set(['student', 'teacher', 'principal', 'siteAdministrator', 'districtAdministrator', 'guardian']),
    );
  });

  test('who follow a student’s work are guardians, whether or not they have an account; asked for only where that is switched on', async () => {
    const stage = await open(withGuardian);
    await stage.sync(people);
    const guardians = [...(await valuesOf(stage, 'user'))].filter(
      ([, { roles }]) => roles[0]?.role === 'guardian',
    );
    expect(guardians.map(([id]) => id)).toEqual([expect.stringMatching(/^guardian\.\d+$/)]);
    expect(guardians[0]?.[1]).not.toHaveProperty('primaryOrgSourcedId');

    const without = await open(withGuardian, { guardians: false });
    await without.sync(people);
    expect(without.simulator.requests('GET /v1/userProfiles/*/guardians')).toEqual([]);
  });

  test('are read one by one as in the list', async () => {
    const stage = await open(withGuardian);
    await stage.sync(people);
    const rows = await stage.stored(undefined, 'user');
    const wanted = [rows[0], rows.find(({ recordId }) => recordId.startsWith('guardian.'))];
    for (const row of wanted) {
      const id = row?.recordId ?? '';
      const before = await stage.stored(undefined, 'user');
      const { run } = await stage.sync({ entityTypes: ['user'], recordIds: [id], context: 'realtime' });
      expect(run.state, id).toBe('succeeded');
      expect(await stage.stored(undefined, 'user')).toEqual(before);
    }
  });

  test.each<[string, JsonObject, Partial<EntityValue<'user'>>]>([
    ['one who is suspended', { suspended: true }, { enabledUser: false }],
    ['one who is archived', { archived: true }, { enabledUser: false }],
    [
      'a title that is no role',
      { organizations: [{ title: 'Band Leader' }] },
      { roles: [], metadata: { title: 'Band Leader' } },
    ],
    [
      'a teacher who administers the domain',
      { organizations: [{ title: 'TEACHER ' }], isAdmin: true },
      {
        roles: [
          { roleType: 'primary', role: 'teacher' },
          { roleType: 'secondary', role: 'systemAdministrator' },
        ],
      },
    ],
    [
      'ids of every kind, one of each',
      {
        externalIds: [
          { type: 'organization', value: '4711' },
          { type: 'organization', value: '4712' },
          { type: 'custom', customType: 'Badge', value: 'B7' },
          { type: 'login_id', value: '' },
        ],
      },
      {
        identifier: '4711',
        userIds: [
          { type: 'SIS', identifier: '4711' },
          { type: 'Badge', identifier: 'B7' },
        ],
      },
    ],
    [
      'telephones',
      {
        phones: [
          { type: 'mobile', value: '1' },
          { type: 'home', value: '2' },
          { type: 'work', value: '3', primary: true },
        ],
      },
      { phone: '3', sms: '1' },
    ],
    ['a name of one part', { name: { familyName: 'Plato' } }, { givenName: '', familyName: 'Plato' }],
  ])('%s', (_, members, expected) => {
    const record = { id: '1', name: { givenName: 'Ada', familyName: 'Oak' }, ...members };
    const [reading] = users.read(users.wire.parse(record));
    expect(reading).toMatchObject({ id: '1', value: expected });
  });
});
