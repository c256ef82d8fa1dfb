import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createManualClock } from '@flotilla/substrate/clock/clock.manual';
import { Ajv } from 'ajv';
import addFormatsModule from 'ajv-formats';
import OAuth from 'oauth-1.0a';
import { afterEach, describe, expect, test } from 'vitest';
import { collectionsOf } from './simulator/wire-fields.ts';
import {
  createOneRosterSimulator,
  type OneRosterSimulator,
  type OneRosterSimulatorOptions,
} from './simulator.ts';

const ros = '/ims/oneroster/rostering/v1p2';
const gra = '/ims/oneroster/gradebook/v1p2';
const old = '/ims/oneroster/v1p1';
const scope = 'https://purl.imsglobal.org/spec/or/v1p2/scope/';
const schemas = JSON.parse(
  readFileSync(new URL('../fixtures/oneroster-1p2-schema-parts.json', import.meta.url), 'utf8'),
) as {
  $defs: Record<string, { properties: Record<string, unknown>; required?: string[] }>;
};
const ajv = new Ajv({ strict: false, allErrors: true });
addFormatsModule.default(ajv);
ajv.addSchema(schemas, 'oneroster');

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

interface Reference {
  readonly href: string;
  readonly sourcedId: string;
  readonly type: string;
}

interface WireObject {
  readonly [name: string]: unknown;
  readonly sourcedId: string;
  readonly familyName: string;
  readonly lineItem: Reference;
  readonly student: Reference;
  readonly user: Reference;
  readonly class: Reference;
  readonly school: Reference;
}

/** The members that these tests read; which of them are there depends on what was asked. */
interface Body {
  readonly [name: string]: unknown;
  readonly users: readonly WireObject[];
  readonly enrollments: readonly WireObject[];
  readonly results: readonly WireObject[];
  readonly user: WireObject;
  readonly org: WireObject;
  readonly result: WireObject;
  readonly statusInfoSet: readonly Readonly<Record<string, unknown>>[];
  readonly sourcedIdPairs: readonly {
    readonly suppliedSourcedId: string;
    readonly allocatedSourcedId: string;
  }[];
  readonly imsx_CodeMinor?: {
    readonly imsx_codeMinorField: readonly { readonly imsx_codeMinorFieldValue: string }[];
  };
  readonly access_token: string;
  readonly error: string;
}

function firstOf<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined) throw new Error('an empty list');
  return first;
}

interface Client {
  readonly simulator: OneRosterSimulator;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
}

const opened: OneRosterSimulator[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((simulator) => simulator.close()));
});

async function open(options: OneRosterSimulatorOptions = {}): Promise<Client> {
  const simulator = await createOneRosterSimulator({ district: { students: 120, seed: 1 }, ...options });
  opened.push(simulator);
  await simulator.listen();
  let token: string | undefined;

  async function authorize(method: string, url: string): Promise<string> {
    if (simulator.credentials.kind === 'oauth1') return sign(simulator, method, url);
    token ??= (await requestToken(simulator)).body.access_token;
    return `Bearer ${token}`;
  }

  const call: Client['call'] = async (method, path, body, headers) => {
    const url = simulator.baseUrl + path;
    const response = await fetch(url, {
      method,
      headers: {
        Authorization: await authorize(method, url),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: JSON.parse(text === '' ? '{}' : text) as Body,
    };
  };
  return { simulator, call, get: (path, headers) => call('GET', path, undefined, headers) };
}

function sign(simulator: OneRosterSimulator, method: string, url: string): string {
  if (simulator.credentials.kind !== 'oauth1') throw new Error('not OAuth 1');
  const { consumerKey: key, consumerSecret: secret } = simulator.credentials;
  const oauth = new OAuth({
    consumer: { key, secret },
    signature_method: 'HMAC-SHA256',
    hash_function: (text, signingKey) => createHmac('sha256', signingKey).update(text).digest('base64'),
  });
  return oauth.toHeader(oauth.authorize({ url, method })).Authorization;
}

async function requestToken(
  simulator: OneRosterSimulator,
  changes: { readonly form?: Record<string, string>; readonly headers?: Record<string, string> } = {},
): Promise<Answer> {
  if (simulator.credentials.kind !== 'oauth2') throw new Error('not OAuth 2');
  const { clientId, clientSecret, scopes } = simulator.credentials;
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString(
    'base64',
  );
  const response = await fetch(simulator.tokenUrl, {
    method: 'POST',
    headers: {
      Authorization: `Basic ${basic}`,
      'Content-Type': 'application/x-www-form-urlencoded',
      ...changes.headers,
    },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: scopes.join(' '),
      ...changes.form,
    }).toString(),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Body,
  };
}

function schemaErrors(name: string, value: unknown): readonly string[] {
  const validate = ajv.getSchema(`oneroster#/$defs/${name}`);
  if (validate === undefined) throw new Error(`no schema ${name}`);
  return validate(value) === true
    ? []
    : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

function minorCode(answer: Answer): unknown {
  return answer.body.imsx_CodeMinor?.imsx_codeMinorField[0]?.imsx_codeMinorFieldValue;
}

describe('OneRoster 1.2 as served', () => {
  const lists: readonly [string, string, string][] = [
    [ros, 'academicSessions', 'AcademicSession'],
    [ros, 'terms', 'AcademicSession'],
    [ros, 'gradingPeriods', 'AcademicSession'],
    [ros, 'orgs', 'Org'],
    [ros, 'schools', 'Org'],
    [ros, 'courses', 'Course'],
    [ros, 'classes', 'Class'],
    [ros, 'users', 'User'],
    [ros, 'students', 'User'],
    [ros, 'teachers', 'User'],
    [ros, 'enrollments', 'Enrollment'],
    [ros, 'demographics', 'Demographics'],
    [gra, 'categories', 'Category'],
    [gra, 'lineItems', 'LineItem'],
    [gra, 'results', 'Result'],
  ];

  test('has every list and every single object in the shape of the official schemas', async () => {
    const { get } = await open();

    for (const [base, path, type] of lists) {
      const list = await get(`${base}/${path}?limit=5000`);
      expect([
        path,
        list.status,
        schemaErrors(type === 'Category' ? 'CategoriesSetDType' : `${type}SetDType`, list.body),
      ]).toEqual([path, 200, []]);
      const [records] = Object.values(list.body) as [{ sourcedId: string }[]];
      expect([path, records.length > 0]).toEqual([path, true]);
      const single = await get(`${base}/${path}/${records.at(-1)?.sourcedId}`);
      expect([path, single.status, schemaErrors(`Single${type}DType`, single.body)]).toEqual([path, 200, []]);
      expect(Object.values(single.body)).toEqual([records.at(-1)]);
    }
  });

  test('knows exactly the fields of the official schemas, and which of them are required', () => {
    for (const { name, single, fields } of collectionsOf('1.2').values()) {
      const schema = schemas.$defs[`${single[0]?.toUpperCase()}${single.slice(1)}DType`];
      expect([name, fields.map((field) => field.name).sort()]).toEqual([
        name,
        Object.keys(schema?.properties ?? {}).sort(),
      ]);
      const required = fields.filter((field) => field.required).map((field) => field.name);
      expect([name, required.sort()]).toEqual([name, (schema?.required ?? []).toSorted()]);
    }
  });

  test('follows every reference by its href', async () => {
    const { simulator, get } = await open();
    const { body } = await get(`${gra}/results?limit=1`);

    const result = firstOf(body.results);
    for (const reference of [result.lineItem, result.student, result.class]) {
      const target = await get(reference.href.slice(simulator.baseUrl.length));
      expect(target.body[reference.type]).toMatchObject({ sourcedId: reference.sourcedId });
    }
  });

  test('answers each nested list with what belongs to its parents', async () => {
    const { simulator, get } = await open();
    const { body } = await get(`${ros}/enrollments?filter=role%3D'student'&limit=1`);
    const { user, class: inClass, school } = firstOf(body.enrollments);
    const [u, c, s] = [user.sourcedId, inClass.sourcedId, school.sourcedId];
    const count = async (path: string): Promise<number> => {
      const answer = await get(`${path}${path.includes('?') ? '&' : '?'}limit=5000`);
      expect([path, answer.status]).toEqual([path, 200]);
      return (Object.values(answer.body)[0] as unknown[]).length;
    };

    const members = await count(`${ros}/enrollments?filter=${encodeURIComponent(`class.sourcedId='${c}'`)}`);
    expect(await count(`${ros}/classes/${c}/students`)).toBe(members - 1);
    expect(await count(`${ros}/classes/${c}/teachers`)).toBe(1);
    expect(await count(`${ros}/schools/${s}/classes/${c}/enrollments`)).toBe(members);
    expect(await count(`${ros}/schools/${s}/classes/${c}/students`)).toBe(members - 1);
    expect(await count(`${ros}/schools/${s}/classes/${c}/teachers`)).toBe(1);
    for (const path of [`students/${u}/classes`, `users/${u}/classes`]) {
      expect(await count(`${ros}/${path}`)).toBe(
        await count(`${ros}/enrollments?filter=${encodeURIComponent(`user.sourcedId='${u}'`)}`),
      );
    }
    for (const path of ['courses', 'classes', 'enrollments', 'students', 'teachers']) {
      expect([path, (await count(`${ros}/schools/${s}/${path}`)) > 0]).toEqual([path, true]);
    }
    expect(await count(`${ros}/schools/${s}/terms`)).toBe(4);
    expect(await count(`${ros}/terms/ses-2026-q1/classes`)).toBeGreaterThan(0);
    expect(await count(`${ros}/terms/ses-2026-q1/gradingPeriods`)).toBe(1);
    const course = simulator.record('classes', c)?.course as { sourcedId: string };
    expect(await count(`${ros}/courses/${course.sourcedId}/classes`)).toBeGreaterThan(0);
    const { body: first } = await get(`${gra}/results?limit=1`);
    const { lineItem, student, class: graded } = firstOf(first.results);
    expect(await count(`${gra}/classes/${graded.sourcedId}/lineItems`)).toBe(1);
    expect(await count(`${gra}/classes/${graded.sourcedId}/categories`)).toBe(1);
    expect(await count(`${gra}/classes/${graded.sourcedId}/students/${student.sourcedId}/results`)).toBe(1);
    expect(await count(`${gra}/classes/${graded.sourcedId}/lineItems/${lineItem.sourcedId}/results`)).toBe(
      await count(`${gra}/classes/${graded.sourcedId}/results`),
    );
  });

  test.each([
    [`${ros}/users/nobody`],
    [`${ros}/students/tch-000001`],
    [`${ros}/schools/org-district`],
    [`${ros}/classes/none/students`],
    [`${ros}/terms/ses-2026-s1/classes`],
    [`${ros}/schools/org-school-002/classes/cls-000001/students`],
    [`${ros}/nothing`],
    [old],
  ])('answers 404 unknownobject for %s', async (path) => {
    const { get } = await open();

    const answer = await get(path);

    expect([answer.status, minorCode(answer), schemaErrors('imsx_StatusInfoDType', answer.body)]).toEqual([
      404,
      'unknownobject',
      [],
    ]);
  });
});

describe('a list', () => {
  test('comes in pages of 100 with its total and links, which together are all records once', async () => {
    const { simulator, get } = await open();
    const seen: string[] = [];
    let path: string | undefined = `${ros}/enrollments`;
    let pages = 0;
    while (path !== undefined) {
      const { headers, body }: Answer = await get(path);
      pages += 1;
      seen.push(...body.enrollments.map((record: { sourcedId: string }) => record.sourcedId));
      expect(headers.get('x-total-count')).toBe(String(simulator.counts().enrollments));
      const next: RegExpExecArray | null = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '');
      path = next?.[1]?.slice(simulator.baseUrl.length);
    }

    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe(simulator.counts().enrollments);
    expect(pages).toBe(Math.ceil(seen.length / 100));
    expect(simulator.requests('GET /enrollments page=2')).toHaveLength(1);
  });

  test('keeps the rest of the query in its links', async () => {
    const { simulator, get } = await open();

    const { headers } = await get(
      `${ros}/users?limit=7&offset=14&sort=familyName&filter=${encodeURIComponent("status='active'")}`,
    );

    const links = Object.fromEntries(
      [...(headers.get('link') ?? '').matchAll(/<([^>]+)>; rel="(\w+)"/g)].map(([, url, rel]) => [
        rel,
        new URL(url ?? ''),
      ]),
    );
    expect(Object.keys(links)).toEqual(['next', 'last', 'first', 'prev']);
    expect(links.next?.searchParams.get('offset')).toBe('21');
    expect(links.prev?.searchParams.get('offset')).toBe('7');
    expect(links.next?.searchParams.get('filter')).toBe("status='active'");
    expect(links.next?.origin).toBe(simulator.origin);
  });

  test('is sorted by code units both ways, and selected and filtered as asked', async () => {
    const { get } = await open();

    const up = (await get(`${ros}/users?sort=familyName&limit=500`)).body.users.map(
      (user: { familyName: string }) => user.familyName,
    );
    const down = (await get(`${ros}/users?sort=familyName&orderBy=desc&limit=500`)).body.users;
    const picked = await get(`${ros}/teachers?fields=sourcedId,givenName&limit=1`);
    const later = await get(
      `${ros}/users?filter=${encodeURIComponent("dateLastModified>'2025-08-01T06:00:00.000Z'")}`,
    );

    expect(up).toEqual(up.toSorted());
    expect(firstOf(down).familyName).toBe(up.at(-1));
    expect(Object.keys(firstOf(picked.body.users))).toEqual(['sourcedId', 'givenName']);
    expect([later.status, later.body, later.headers.get('x-total-count')]).toEqual([200, { users: [] }, '0']);
  });

  const refused: readonly [string, string][] = [
    ['limit=0', 'invaliddata'],
    ['limit=-1', 'invaliddata'],
    ['limit=ten', 'invaliddata'],
    ['limit=', 'invaliddata'],
    ['offset=-1', 'invaliddata'],
    ['limit=1&limit=2', 'invaliddata'],
    ['page=2', 'invaliddata'],
    ['orderBy=up', 'invaliddata'],
    ['sort=shoeSize', 'invalid_selection_field'],
    ['fields=sourcedId,shoeSize', 'invalid_selection_field'],
    ['fields=', 'invalid_selection_field'],
    ["filter=shoeSize='44'", 'invalid_filter_field'],
    ['filter=', 'invalid_filter_field'],
  ];

  test.each(refused)('with ?%s is refused by 1.2 with 400 %s', async (query, code) => {
    const { get } = await open();

    const answer = await get(`${ros}/users?${query}`);

    expect([answer.status, minorCode(answer), schemaErrors('imsx_StatusInfoDType', answer.body)]).toEqual([
      400,
      code,
      [],
    ]);
  });

  test('a single object takes fields and nothing else, and only JSON is served', async () => {
    const { get } = await open();

    expect((await get(`${ros}/users/stu-000001?fields=givenName`)).body).toEqual({
      user: { givenName: expect.any(String) },
    });
    expect((await get(`${ros}/users/stu-000001?limit=1`)).status).toBe(400);
    expect((await get(`${ros}/users`, { Accept: 'text/html' })).status).toBe(406);
    expect((await get(`${ros}/users`, { Accept: 'text/html, application/json;q=0.5' })).status).toBe(200);
  });
});

describe('OneRoster 1.1 as served', () => {
  test('has role and orgs, is signed with OAuth 1, and stands under one path', async () => {
    const { get } = await open({ version: '1.1' });

    const { status, body } = await get(
      `${old}/users?limit=500&filter=${encodeURIComponent("role='administrator' AND status='active'")}`,
    );

    expect(status).toBe(200);
    expect(body.users.length).toBeGreaterThan(3);
    for (const user of body.users) {
      expect(user).toMatchObject({
        role: 'administrator',
        orgs: [{ type: 'org', href: expect.stringContaining(`${old}/orgs/`) }],
      });
      expect(user.roles).toBeUndefined();
    }
    expect(firstOf((await get(`${old}/results?limit=1`)).body.results).student.href).toContain(
      `${old}/users/`,
    );
    expect((await get(`${old}/scoreScales`)).status).toBe(404);
  });

  test('warns about unknown fields and still sends everything, but refuses an unknown filter', async () => {
    const { get } = await open({ version: '1.1' });

    const fields = await get(`${old}/users?fields=shoeSize&limit=1`);
    const sort = await get(`${old}/users?sort=shoeSize&limit=1`);
    const filter = await get(`${old}/users?filter=${encodeURIComponent("shoeSize='44'")}`);

    expect([fields.status, sort.status, filter.status]).toEqual([200, 200, 400]);
    expect(firstOf(fields.body.users).givenName).toEqual(expect.any(String));
    expect(fields.body.statusInfoSet).toEqual([
      expect.objectContaining({
        imsx_codeMajor: 'success',
        imsx_severity: 'warning',
        imsx_codeMinor: 'invalid_selection_field',
      }),
    ]);
    expect(firstOf(sort.body.statusInfoSet).imsx_codeMinor).toBe('invalid_sort_field');
    expect(filter.body.statusInfoSet[0]).toMatchObject({
      imsx_codeMajor: 'failure',
      imsx_codeMinor: 'invalid_filter_field',
    });
  });

  test('refuses what is not signed, or signed for something else, in its own shape', async () => {
    const { simulator, get } = await open({ version: '1.1' });
    const other = sign(simulator, 'GET', `${simulator.baseUrl}${old}/orgs`);

    const answer = await get(`${old}/users`, { Authorization: other });

    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'OAuth realm="OneRoster"']);
    expect(answer.body.statusInfoSet[0]).toMatchObject({
      imsx_codeMajor: 'failure',
      imsx_codeMinor: 'unauthorisedrequest',
    });
    expect((await fetch(`${simulator.baseUrl}${old}/users`)).status).toBe(401);
  });

  test('speaks OAuth 2 when told to, and 1.2 never OAuth 1', async () => {
    const { simulator, get } = await open({ version: '1.1', auth: 'oauth2' });

    expect((await get(`${old}/orgs`)).status).toBe(200);
    expect(simulator.credentials).toMatchObject({ kind: 'oauth2' });
    await expect(createOneRosterSimulator({ version: '1.2', auth: 'oauth1' })).rejects.toThrow(
      'knows OAuth 2 only',
    );
  });
});

describe('OAuth 2 tokens', () => {
  test('are issued for credentials whose signs need encoding', async () => {
    const { simulator, get } = await open({ clientId: 'a:b c', clientSecret: 'p%/+ü:&=' });

    const { status, body } = await requestToken(simulator, { form: { scope: `${scope}roster.readonly` } });

    expect([status, body]).toEqual([
      200,
      {
        access_token: expect.any(String),
        token_type: 'bearer',
        expires_in: 3600,
        scope: `${scope}roster.readonly`,
      },
    ]);
    expect((await get(`${ros}/orgs`)).status).toBe(200);
  });

  const refused: readonly [string, Parameters<typeof requestToken>[1], number, string][] = [
    [
      'a wrong secret',
      { headers: { Authorization: `Basic ${Buffer.from('client:wrong').toString('base64')}` } },
      401,
      'invalid_client',
    ],
    [
      'an unencoded secret',
      { headers: { Authorization: `Basic ${Buffer.from('client:se+cret%2').toString('base64')}` } },
      401,
      'invalid_client',
    ],
    ['another body', { headers: { 'Content-Type': 'application/json' } }, 400, 'invalid_request'],
    ['another grant', { form: { grant_type: 'password' } }, 400, 'unsupported_grant_type'],
    ['no scope', { form: { scope: '' } }, 400, 'invalid_scope'],
    ['an unknown scope', { form: { scope: 'everything' } }, 400, 'invalid_scope'],
  ];

  test.each(refused)('are not issued for %s', async (_name, changes, status, error) => {
    const { simulator } = await open({ clientId: 'client', clientSecret: 'se+cret%2' });

    const answer = await requestToken(simulator, changes);

    expect([answer.status, answer.body.error]).toEqual([status, error]);
  });

  test('open only what their scopes say', async () => {
    const { simulator, get } = await open();
    const { body } = await requestToken(simulator, { form: { scope: `${scope}roster-core.readonly` } });
    const core = { Authorization: `Bearer ${body.access_token}` };

    expect((await get(`${ros}/classes`, core)).status).toBe(200);
    for (const path of [`${ros}/demographics`, `${ros}/classes/cls-000001/students`, `${gra}/results`]) {
      const answer = await get(path, core);
      expect([path, answer.status, minorCode(answer)]).toEqual([path, 403, 'forbidden']);
    }
  });

  test("end with their time, and at a fault's word", async () => {
    const clock = createManualClock();
    const { simulator, get } = await open({ clock, tokenLifetimeSeconds: 60 });

    expect((await get(`${ros}/orgs`)).status).toBe(200);
    await clock.advance(60_000);
    const late = await get(`${ros}/orgs`);
    expect([late.status, minorCode(late), late.headers.get('www-authenticate')]).toEqual([
      401,
      'unauthorisedrequest',
      'Bearer realm="OneRoster"',
    ]);

    const { body } = await requestToken(simulator);
    const fresh = { Authorization: `Bearer ${body.access_token}` };
    simulator.addFault('GET /users page=2: expire-token');
    const statuses = [];
    for (const offset of [0, 50, 100])
      statuses.push((await get(`${ros}/users?limit=50&offset=${offset}`, fresh)).status);
    expect(statuses).toEqual([200, 401, 401]);
  });
});

describe('faults and quirks', () => {
  test("of a page befall that page, in the vendor's shape", async () => {
    const { simulator, get } = await open({
      faults: [
        'GET /users page=2: 429 retry-after=3',
        'GET /users page=2: drop-records=4',
        'GET /users page=3: duplicate-page',
      ],
    });
    const page = (number: number): Promise<Answer> =>
      get(`${ros}/users?limit=20&offset=${20 * (number - 1)}`);

    const [one, busy, short, three] = [await page(1), await page(2), await page(2), await page(3)];
    const two = await page(2);

    expect([busy.status, busy.headers.get('retry-after'), minorCode(busy)]).toEqual([
      429,
      '3',
      'server_busy',
    ]);
    expect([one.body.users.length, short.body.users.length, two.body.users.length]).toEqual([20, 16, 20]);
    expect(short.headers.get('x-total-count')).toBe(String(simulator.counts().users));
    expect(three.body).toEqual(two.body);
    expect(three.headers.get('link')).toContain('offset=60');
  });

  test('no-total-count, no-link and cap-limit take away what clients lean on', async () => {
    const { get } = await open({ quirks: ['no-total-count', 'no-link', 'cap-limit=100'] });

    const { headers, body } = await get(`${ros}/enrollments?limit=1000`);

    expect([headers.get('x-total-count'), headers.get('link'), body.enrollments.length]).toEqual([
      null,
      null,
      100,
    ]);
  });

  test('link-http and link-bare bend the links', async () => {
    const { get } = await open({ quirks: ['link-http', 'link-bare'] });

    expect((await get(`${ros}/users?limit=10`)).headers.get('link')).toMatch(
      /^http:\/\/oneroster\.internal:8080\/ims\/oneroster\/rostering\/v1p2\/users\?limit=10&offset=10; rel="next", /,
    );
  });

  test('json-booleans sends booleans, reorder-pages moves rows unless they are sorted', async () => {
    const { get } = await open({ quirks: ['json-booleans', 'reorder-pages'] });
    const ids = async (query: string): Promise<string[]> =>
      (await get(`${ros}/users?limit=10${query}`)).body.users.map(
        (user: { sourcedId: string }) => user.sourcedId,
      );

    expect(firstOf((await get(`${ros}/users?limit=1`)).body.users).enabledUser).toBe(true);
    expect(await ids('')).not.toEqual(await ids(''));
    expect(await ids('&sort=sourcedId')).toEqual(await ids('&sort=sourcedId'));
  });

  test('that do not exist are refused by name', async () => {
    await expect(createOneRosterSimulator({ quirks: ['no-links'] })).rejects.toMatchObject({
      data: { found: 'no-links' },
    });
    await expect(createOneRosterSimulator({ faults: ['GET /users: explode'] })).rejects.toMatchObject({
      data: { found: 'explode' },
    });
    await expect(createOneRosterSimulator({ prefix: 'sis/' })).rejects.toMatchObject({
      code: 'config_invalid',
    });
  });
});

describe('gradebook writes', () => {
  const reference = (type: string, sourcedId: string): object => ({
    href: `https://client.example/${sourcedId}`,
    sourcedId,
    type,
  });
  const result = (sourcedId: string, lineItem: string, student: string): Record<string, unknown> => ({
    sourcedId,
    status: 'active',
    dateLastModified: '2026-01-01T00:00:00Z',
    lineItem: reference('lineItem', lineItem),
    student: reference('user', student),
    scoreStatus: 'fully graded',
    scoreDate: '2026-01-05',
    score: 7.5,
  });

  test('PUT creates and replaces whole objects, stamped by the server, and DELETE ends them', async () => {
    const clock = createManualClock(Date.UTC(2026, 1, 1));
    const { get, call } = await open({ clock });
    const path = `${gra}/results/r-1`;

    const created = await call('PUT', path, {
      result: { ...result('r-1', 'asg-000001', 'stu-000001'), comment: 'first' },
    });
    const replaced = await call('PUT', path, { result: result('r-1', 'asg-000001', 'stu-000001') });
    const read = await get(path);
    const deleted = await call('DELETE', path);

    expect([created.status, created.body, replaced.status, deleted.status]).toEqual([201, {}, 201, 204]);
    expect(read.body.result).toMatchObject({ score: 7.5, dateLastModified: '2026-02-01T00:00:00.000Z' });
    expect(read.body.result.comment).toBeUndefined();
    expect(read.body.result.student.href).toContain(`${ros}/users/stu-000001`);
    expect(schemaErrors('SingleResultDType', read.body)).toEqual([]);
    expect((await get(path)).status).toBe(404);
    expect((await call('DELETE', path)).status).toBe(404);
  });

  const good = result('r-1', 'asg-000001', 'stu-000001');
  const refused: readonly [string, unknown, number, Record<string, string>?][] = [
    ['another id than the path', { result: { ...good, sourcedId: 'r-2' } }, 422],
    ['no envelope', good, 422],
    ['a wrong envelope', { results: [good] }, 422],
    ['a missing member', { result: { ...good, scoreDate: undefined } }, 422],
    ['an unknown member', { result: { ...good, mark: 'A' } }, 422],
    ['a score as text', { result: { ...good, score: '7.5' } }, 422],
    ['a status that does not exist', { result: { ...good, scoreStatus: 'graded' } }, 422],
    ['a date that is none', { result: { ...good, scoreDate: '5/1/2026' } }, 422],
    ['a JSON boolean', { result: { ...good, late: true } }, 422],
    ['a reference to nothing', { result: { ...good, lineItem: reference('lineItem', 'none') } }, 422],
    ['a reference of another type', { result: { ...good, lineItem: reference('class', 'asg-000001') } }, 422],
    ['broken JSON', '{"result":', 400],
    ['another media type', { result: good }, 415, { 'Content-Type': 'text/plain' }],
  ];

  test.each(refused)('PUT of %s is refused', async (_name, body, status, headers) => {
    const { simulator, call } = await open();

    const answer = await call('PUT', `${gra}/results/r-1`, body, headers);

    expect([answer.status, schemaErrors('imsx_StatusInfoDType', answer.body)]).toEqual([status, []]);
    if (status === 422) expect(minorCode(answer)).toBe('invaliddata');
    expect(simulator.record('results', 'r-1')).toBeUndefined();
  });

  test('POST allocates ids and answers which became which; all or none', async () => {
    const { simulator, get, call } = await open();
    const before = simulator.counts().results ?? 0;
    const path = `${gra}/lineItems/asg-000001/results`;
    const records = ['x', 'y'].map((id) => result(id, 'asg-000001', 'stu-000001'));

    const made = await call('POST', path, { results: records });
    const mixed = await call('POST', path, {
      results: [records[0], result('z', 'asg-000002', 'stu-000001')],
    });
    const nowhere = await call('POST', `${gra}/lineItems/none/results`, { results: records });

    expect([made.status, schemaErrors('GUIDPairSetDType', made.body)]).toEqual([201, []]);
    expect(
      made.body.sourcedIdPairs.map((pair: { suppliedSourcedId: string }) => pair.suppliedSourcedId),
    ).toEqual(['x', 'y']);
    expect((await get(`${gra}/results/${made.body.sourcedIdPairs[1]?.allocatedSourcedId}`)).status).toBe(200);
    expect([mixed.status, nowhere.status]).toEqual([422, 404]);
    expect(simulator.counts().results).toBe(before + 2);
  });

  test('POST of line items goes below classes and schools', async () => {
    const { simulator, call } = await open();
    const lineItem = {
      sourcedId: 'new',
      status: 'active',
      dateLastModified: '2026-01-01T00:00:00Z',
      title: 'Essay',
      assignDate: '2026-01-01T00:00:00Z',
      dueDate: '2026-01-09T00:00:00Z',
      class: reference('class', 'cls-000001'),
      school: reference('org', 'org-school-001'),
      category: reference('category', 'cat-tests'),
    };

    const inClass = await call('POST', `${gra}/classes/cls-000001/lineItems`, { lineItems: [lineItem] });
    const inSchool = await call('POST', `${gra}/schools/org-school-001/lineItems`, { lineItems: [lineItem] });
    const id = firstOf(inClass.body.sourcedIdPairs).allocatedSourcedId;
    const inSession = await call('POST', `${gra}/classes/cls-000001/academicSessions/ses-2026-q1/results`, {
      results: [result('x', id, 'stu-000001')],
    });

    expect([inClass.status, inSchool.status, inSession.status]).toEqual([201, 201, 201]);
    expect(simulator.record('lineItems', id)).toMatchObject({
      title: 'Essay',
      class: { sourcedId: 'cls-000001', type: 'class' },
    });
    const used = await call('DELETE', `${gra}/lineItems/${id}`);
    expect([used.status, minorCode(used)]).toEqual([422, 'deletefailure']);
  });

  test('1.1 has PUT and DELETE but no POST, and rostering is read-only everywhere', async () => {
    const older = await open({ version: '1.1' });
    const newer = await open();

    const put = await older.call('PUT', `${old}/categories/c-1`, {
      category: {
        sourcedId: 'c-1',
        status: 'active',
        dateLastModified: '2026-01-01T00:00:00Z',
        title: 'Extra',
      },
    });
    expect([put.status, older.simulator.record('categories', 'c-1')?.title]).toEqual([201, 'Extra']);
    expect((await older.call('DELETE', `${old}/categories/c-1`)).status).toBe(204);
    expect((await older.call('POST', `${old}/lineItems/asg-000001/results`, { results: [] })).status).toBe(
      404,
    );
    const wrong = await newer.call('PUT', `${ros}/users/stu-000001`, { user: {} });
    expect([wrong.status, wrong.headers.get('allow'), wrong.body.imsx_codeMajor]).toEqual([
      405,
      'GET',
      'failure',
    ]);
  });
});
