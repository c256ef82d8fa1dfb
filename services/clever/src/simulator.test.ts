import { readFileSync } from 'node:fs';
import { createManualClock } from '@flotilla/substrate/clock/clock.manual';
import { Ajv } from 'ajv';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type CleverSimulatorOptions, createCleverSimulator } from './simulator.ts';

interface Schema {
  readonly properties?: object;
}
type Schemas = Record<'3.0' | '3.1', { readonly $defs: Readonly<Record<string, Schema>> }>;
const file = readFileSync(new URL('../fixtures/clever-3-schema-parts.json', import.meta.url), 'utf8');
const schemas = JSON.parse(file) as Schemas;

/** Clever's own schemas, each of which has to know every member. */
function readSchemas(version: '3.0' | '3.1'): Ajv {
  // Of 3.0 there is what differs; an event is told from others by its type, and only that schema knows all of its members.
  const all = version === '3.0' ? { ...schemas['3.1'].$defs, ...schemas['3.0'].$defs } : schemas['3.1'].$defs;
  const strict = Object.entries(all).map(([key, schema]) => [
    key,
    schema.properties === undefined || key === 'Event' ? schema : { ...schema, additionalProperties: false },
  ]);
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addFormat('date', /^\d{4}-\d\d-\d\d$/);
  ajv.addFormat('datetime', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$|^\d{4}-\d\d-\d\d$/);
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  ajv.addFormat('mongo-id', /^[0-9a-f]{24}$/);
  return ajv.addSchema({ $defs: Object.fromEntries(strict) as object }, 'clever');
}

const readers = { '3.0': readSchemas('3.0'), '3.1': readSchemas('3.1') };

function schemaErrors(version: '3.0' | '3.1', name: string, json: unknown): readonly string[] {
  const validate = readers[version].getSchema(`clever#/$defs/${name}`);
  if (validate === undefined) throw new RangeError(name);
  if (validate(json) === true) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

interface Item {
  readonly data: { readonly [name: string]: unknown; readonly id: string };
  readonly uri: string;
}

interface Body {
  readonly data: readonly Item[];
  readonly links: readonly { readonly rel: string; readonly uri: string }[];
  readonly message?: string;
  readonly count?: number;
}

async function open(options: CleverSimulatorOptions = {}) {
  const clock = createManualClock(Date.UTC(2026, 0, 12));
  const simulator = createCleverSimulator({ clock, district: { students: 12 }, ...options });
  await simulator.listen();
  onTestFinished(() => simulator.close());
  const { token } = simulator.credential as { token: string };

  async function get(path: string, authorization = `Bearer ${token}`) {
    const response = await fetch(simulator.origin + path, { headers: { authorization } });
    const text = await response.text();
    const body = (text === '' ? {} : JSON.parse(text)) as Body;
    return { status: response.status, headers: response.headers, text, body };
  }

  async function ids(path: string): Promise<readonly string[]> {
    return (await get(path)).body.data.map(({ data }) => data.id);
  }

  return { clock, simulator, get, ids };
}

describe.each(['3.0', '3.1'] as const)('every answer of %s fits the official schema', (version) => {
  const root = `/v${version}`;

  test.each([
    ['districts', 'District'],
    ['schools', 'School'],
    ['terms', 'Term'],
    ['courses', 'Course'],
    ['sections', 'Section'],
    ['users', 'User'],
    ['resources', 'Resource'],
  ])('list and record of %s', async (name, schema) => {
    const { get } = await open();
    const list = await get(`${root}/${name}`);
    expect(list.status).toBe(200);
    expect(schemaErrors(version, `${schema}sResponse`, withoutUri(list.body))).toEqual([]);
    const [first] = list.body.data;
    if (first === undefined) return expect(name).toBe('resources');
    const one = await get(first.uri);
    expect(one.body).toEqual({ data: first.data });
    expect(schemaErrors(version, `${schema}Response`, one.body)).toEqual([]);
  });

  test('events of every kind', async () => {
    const { simulator, get } = await open();
    simulator.nextNight();
    for (const collection of ['districts', 'schools', 'terms', 'courses', 'sections', 'users']) {
      const [first] = (await get(`${root}/${collection}`)).body.data;
      const record = { ...simulator.record(collection, first?.data.id ?? ''), name: 'Another' };
      const named =
        collection === 'users' ? { ...record, email: 'a@b.example', name: { first: 'A' } } : record;
      simulator.edit([{ collection, op: 'put', id: first?.data.id ?? '', record: named }]);
    }

    const { body } = await get(`${root}/events?limit=10000`);

    const types = body.data.map(({ data }) => String(data.type));
    expect(new Set(types)).toEqual(
      new Set([
        'users.created',
        'users.updated',
        'users.deleted',
        ...['sections', 'districts', 'schools', 'terms', 'courses'].map((name) => `${name}.updated`),
      ]),
    );
    for (const { data } of body.data) expect(schemaErrors(version, String(data.type), data)).toEqual([]);
    const [first] = body.data;
    expect((await get(first?.uri ?? '')).body).toEqual({ data: first?.data });
  });

  test('lists and records below a record', async () => {
    const { get } = await open();
    const firstOf = async (name: string) => (await get(`${root}/${name}`)).body.data[0]?.uri;
    const below = {
      schools: ['courses', 'sections', 'terms', 'users?role=student', 'users?primary=true', 'district'],
      sections: ['users', 'users?role=teacher', 'course', 'school', 'term', 'resources', 'district'],
      courses: ['sections', 'schools', 'resources', 'district'],
      terms: ['schools', 'sections', 'district'],
      users: ['sections', 'schools', 'mycontacts', 'mystudents', 'myteachers', 'resources', 'district'],
    };
    for (const [name, views] of Object.entries(below)) {
      for (const view of views) {
        const { status, body } = await get(`${await firstOf(name)}/${view}`);
        const isList = Array.isArray(body.data);
        const single = schemaOf[view.split('?')[0] ?? ''] ?? '';
        expect([`${name}/${view}`, status]).toEqual([`${name}/${view}`, 200]);
        const schema = `${single}${isList ? 's' : ''}Response`;
        expect(schemaErrors(version, schema, isList ? withoutUri(body) : body)).toEqual([]);
      }
    }
  });
});

test('attendance, which only 3.1 has, fits the official schema but for the id that its documents promise', async () => {
  const { get } = await open({ district: { students: 12, attendance: 30 } });
  const [mark] = await attendanceOf(get);
  if (mark === undefined) throw new RangeError('Nobody was absent');
  const root = '/v3.1/attendance';
  const school = `${root}/schools/${mark.school_id}`;

  const first = await get(`${school}?limit=1`);
  const all = await get(school);

  expect(schemaErrors('3.1', 'AttendanceResponse', withoutIds(first.body))).toEqual([]);
  expect(schemaErrors('3.1', 'AttendanceResponse', withoutIds(all.body))).toEqual([]);
  expect(all.body).not.toHaveProperty('links');
  expect((await get(first.body.links.at(-1)?.uri ?? '')).status).toBe(200);
  const late = await get(`${school}?attendance_status=tardy&date_range_start=${mark.attendance_date}`);
  expect(late.status).toBe(200);
  for (const [path, status] of [
    [`${school}?limit=1001`, 400],
    [`${school}?attendance_status=late`, 400],
    [`${school}?date_range_start=1/5/2026`, 400],
    [`${school}?student=x`, 400],
    [`${root}/schools/${'0'.repeat(24)}`, 404],
    [`${root}/sections/${'0'.repeat(24)}`, 404],
    [school.replace('3.1', '3.0'), 404],
  ] as const)
    expect([path, (await get(path)).status]).toEqual([path, status]);
});

interface Mark {
  readonly [name: string]: unknown;
  readonly school_id: string;
  readonly attendance_date: string;
}

/** The attendance of the first school that has any. */
async function attendanceOf(get: Awaited<ReturnType<typeof open>>['get']): Promise<readonly Mark[]> {
  for (const { data } of (await get('/v3.1/schools')).body.data) {
    const { body } = await get(`/v3.1/attendance/schools/${data.id}`);
    if (body.data.length > 1) return body.data as unknown as readonly Mark[];
  }
  return [];
}

function without(mark: Mark, name: string): object {
  return Object.fromEntries(Object.entries(mark).filter(([member]) => member !== name));
}

function withoutIds(body: Body): object {
  const marks = body.data as unknown as readonly Mark[];
  return { ...body, data: marks.map((mark) => without(mark, 'clever_id')) };
}

const schemaOf: Readonly<Record<string, string>> = {
  courses: 'Course',
  course: 'Course',
  sections: 'Section',
  terms: 'Term',
  term: 'Term',
  users: 'User',
  mycontacts: 'User',
  mystudents: 'User',
  myteachers: 'User',
  schools: 'School',
  school: 'School',
  district: 'District',
  resources: 'Resource',
};

/** The documents that Clever publishes do not know the `uri` beside a record; every one of its examples has it. */
function withoutUri({ data, links }: Body): object {
  return { data: data.map(({ data: record }) => ({ data: record })), links };
}

describe('lists', () => {
  const root = '/v3.1';

  test('go on where links lead, forth and back, 100 at a time unless another limit is asked for', async () => {
    const { get, ids } = await open({ district: { students: 120 } });
    const all = await ids(`${root}/users?limit=10000`);
    expect(all).toEqual(all.toSorted());
    expect(all.length).toBeGreaterThan(140);

    const walked: string[] = [];
    let path: string | undefined = `${root}/users?limit=60`;
    while (path !== undefined) {
      const { body }: { body: Body } = await get(path);
      walked.push(...body.data.map(({ data }) => data.id));
      path = body.links.find(({ rel }) => rel === 'next')?.uri;
    }

    expect(walked).toEqual(all);
    expect(await ids(`${root}/users`)).toEqual(all.slice(0, 100));
    expect(await ids(`${root}/users?limit=5&starting_after=${all[9]}`)).toEqual(all.slice(10, 15));
    expect(await ids(`${root}/users?limit=5&ending_before=${all[9]}`)).toEqual(all.slice(4, 9));
    expect(await ids(`${root}/users?limit=5&ending_before=last`)).toEqual(all.slice(-5));
    const middle = await get(`${root}/users?limit=5&starting_after=${all[9]}`);
    expect(middle.body.links).toEqual([
      { rel: 'self', uri: `${root}/users?limit=5&starting_after=${all[9]}` },
      { rel: 'prev', uri: `${root}/users?limit=5&ending_before=${all[10]}` },
      { rel: 'next', uri: `${root}/users?limit=5&starting_after=${all[14]}` },
    ]);
    const end = await get(`${root}/users?starting_after=${all.at(-1)}`);
    expect([end.body.data, end.body.links.map(({ rel }) => rel)]).toEqual([[], ['self']]);
  });

  test('tell how many there are, and those of one role', async () => {
    const { get, ids } = await open();
    const students = await ids(`${root}/users?role=student`);
    expect(students).toHaveLength(12);
    const { body } = await get(`${root}/users?role=student&limit=1&count=true`);
    expect([body.count, body.data.length]).toEqual([12, 1]);
  });

  test.each([
    ['/users?page=2', 400, 'Unknown query parameter page'],
    ['/users?limit=5&limit=6', 400, 'given twice'],
    ['/users?limit=0', 400, 'limit must be'],
    ['/users?limit=ten', 400, 'limit must be'],
    ['/users?limit=10001', 413, 'limit must not exceed 10000'],
    ['/users?role=parent', 400, 'role must be one of'],
    ['/users?count=yes', 400, 'count must be one of'],
    ['/users?starting_after=a&ending_before=b', 400, 'cannot both be given'],
    ['/districts?limit=1', 400, 'Unknown query parameter limit'],
    ['/resources?count=true', 400, 'Unknown query parameter count'],
    ['/events?record_type=enrollments', 400, 'Unknown record_type enrollments'],
    ['/users/000000000000000000000000', 404, 'Resource not found'],
    ['/sections/000000000000000000000000/users', 404, 'Resource not found'],
    ['/students', 404, ''],
  ])("refuse %s with %i, in Clever's shape", async (path, status, message) => {
    const { get } = await open();

    const answer = await get(root + path);

    expect([answer.status, Object.keys(answer.body)]).toEqual([status, ['message']]);
    expect(answer.body.message).toContain(message);
    expect(schemaErrors('3.1', status === 404 ? 'NotFound' : 'BadRequest', answer.body)).toEqual([]);
  });
});

describe('events', () => {
  const path = '/v3.1/events';

  test('are in order, one school or some kinds of them where that is asked for, and gone after 30 days', async () => {
    const { simulator, get, ids, clock } = await open();
    expect(await ids(`${path}?ending_before=last&limit=1`)).toEqual([]);
    simulator.nextNight();
    await clock.advance(86_400_000);
    const first = await ids(path);
    simulator.nextNight();
    const all = await ids(`${path}?limit=10000`);

    expect(all).toEqual(all.toSorted());
    expect(all.slice(0, first.length)).toEqual(first);
    expect(await ids(`${path}?ending_before=last&limit=1`)).toEqual(all.slice(-1));
    expect(await ids(`${path}?starting_after=${first.at(-1)}&limit=10000`)).toEqual(all.slice(first.length));
    const { body } = await get(`${path}?record_type=sections&record_type=terms&limit=10000`);
    expect(new Set(body.data.map(({ data }) => data.type))).toEqual(new Set(['sections.updated']));
    const schools = await ids('/v3.1/schools');
    const ofSchools = await Promise.all(schools.map((school) => ids(`${path}?school=${school}&limit=10000`)));
    expect(new Set(ofSchools.flat())).toEqual(new Set(all));
    expect(ofSchools.every(({ length }) => length < all.length)).toBe(true);
    await clock.advance(30 * 86_400_000 - 3_600_000);
    expect(await ids(`${path}?limit=10000`)).toEqual(all.slice(first.length));
  });

  test('say what was there before, of those members alone that differ', async () => {
    const { simulator, get, ids } = await open();
    const [id = ''] = await ids('/v3.1/courses');
    const { name, ...course } = simulator.record('courses', id) ?? {};
    simulator.edit([{ collection: 'courses', op: 'put', id, record: { ...course, name: 'Latin' } }]);

    const { body } = await get(path);

    expect(body.data).toHaveLength(1);
    expect(body.data[0]?.data).toMatchObject({
      type: 'courses.updated',
      data: { object: { id, name: 'Latin' } },
      previous_attributes: { name },
    });
  });
});

describe('tokens', () => {
  test('of districts and their looking up are told apart, and what has none is refused', async () => {
    const { simulator, get } = await open();
    const { clientId, clientSecret, district } = simulator.application;
    const basic = `Basic ${btoa(`${clientId as string}:${clientSecret as string}`)}`;

    const found = await get(`/oauth/tokens?district=${district as string}`, basic);

    expect(found.body.data).toMatchObject([
      { owner: { type: 'district', id: district }, access_token: simulator.credential.token },
    ]);
    expect((await get('/oauth/tokens?owner_type=district', basic)).body.data).toHaveLength(1);
    expect((await get('/oauth/tokens?district=other', basic)).body.data).toEqual([]);
    expect((await get('/oauth/tokens?owner_type=school', basic)).status).toBe(400);
    const refused = ['', 'Bearer wrong', basic];
    for (const authorization of refused) expect((await get('/v3.1/users', authorization)).status).toBe(401);
    expect((await get('/oauth/tokens', `Bearer ${simulator.credential.token as string}`)).status).toBe(401);
  });

  test('may ask 1,200 times in each minute; then 429 without a body, and a header with the end of the minute', async () => {
    const { get, clock } = await open();
    const first = await get('/v3.1/terms');
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'x-ratelimit-limit': '1200',
      'x-ratelimit-remaining': '1199',
      'x-ratelimit-reset': String(clock.now() / 1000 + 60),
      'x-ratelimit-bucket': expect.any(String),
    });
    for (let asked = 0; asked < 30; asked++)
      await Promise.all(Array.from({ length: 40 }, () => get('/v3.1/resources')));

    const last = await get('/v3.1/terms');

    expect([last.status, last.text, last.headers.get('x-ratelimit-remaining')]).toEqual([429, '', '0']);
    await clock.advance(60_000);
    expect((await get('/v3.1/terms')).status).toBe(200);
  });
});

test('what the district does not have is answered with 501, at any depth, and nothing points to it', async () => {
  const { get, ids } = await open({ without: ['terms', 'events', 'attendance'] });
  const [school = ''] = await ids('/v3.1/schools');

  for (const path of [
    'terms',
    'terms/x',
    `schools/${school}/terms`,
    'events',
    `attendance/schools/${school}`,
  ]) {
    const { status, body } = await get(`/v3.1/${path}`);
    expect([path, status, body.message]).toEqual([path, 501, 'This district does not have it']);
  }
  const sections = (await get('/v3.1/sections')).body.data;
  expect(new Set(sections.map(({ data }) => data.term_id))).toEqual(new Set([null]));
});
