import { Failure } from '@flotilla/substrate/failure';
import type { JsonValue } from '@flotilla/substrate/json/json-value';
import { openVendorStage, type VendorStage } from '@flotilla/substrate/testing/vendor-stage';
import { describe, expect, onTestFinished, test } from 'vitest';
import { api } from './api.ts';
import { type CleverSimulator, type CleverSimulatorOptions, createCleverSimulator } from './simulator.ts';
import { clever } from './vendor.ts';

interface StageOptions extends CleverSimulatorOptions {
  readonly asApplication?: boolean;
}

async function open({
  asApplication = false,
  ...options
}: StageOptions = {}): Promise<VendorStage<CleverSimulator>> {
  const stage = await openVendorStage({
    vendor: clever,
    createSimulator: ({ clock }) =>
      createCleverSimulator({ clock, district: { students: 8, assignments: 0 }, ...options }),
    connection: (simulator) => simulator.connection,
    credential: (simulator) => (asApplication ? simulator.application : simulator.credential),
    fetchesWhole: true,
  });
  onTestFinished(() => stage.close());
  return stage;
}

const only = { entityTypes: ['user'] } as const;

describe('a list', () => {
  const { nextIn } = api.paging as { nextIn: (json: JsonValue) => string | undefined };
  const next = { rel: 'next', uri: '/v3.1/users?starting_after=x' };

  test('goes on at the link to the next page, and ends without one or with a page that holds nothing', () => {
    expect(nextIn({ data: [{}], links: [{ rel: 'self', uri: '/' }, next] })).toBe(next.uri);
    expect(nextIn({ data: [{}], links: [{ rel: 'self', uri: '/' }] })).toBeUndefined();
    expect(nextIn({ data: [], links: [next] })).toBeUndefined();
  });

  test.each([{ data: [{}] }, { links: [] }, { data: [{}], links: {} }, [], null])(
    'that is %j is not taken for a last page',
    (answer) => {
      expect(() => nextIn(answer)).toThrow(Failure);
    },
  );

  test('whose last page leads to an empty one is read to its end', async () => {
    const stage = await open();
    const { length } = await stage.source(stage.entity('user'));
    stage.tap.tamper((response, { url }) => {
      if (!url.pathname.endsWith('/users')) return response;
      const body = JSON.parse(new TextDecoder().decode(response.body)) as {
        data: { data: { id: string } }[];
        links: { rel: string; uri: string }[];
      };
      const last = body.data.at(-1)?.data.id;
      if (last !== undefined && !body.links.some(({ rel }) => rel === 'next'))
        body.links.push({ rel: 'next', uri: `/v3.1/users?limit=5&starting_after=${last}` });
      return { ...response, body: new TextEncoder().encode(JSON.stringify(body)) };
    });

    const { run, entityTypes } = await stage.sync(only);

    expect(run.state).toBe('succeeded');
    expect(entityTypes.get('user')?.counts.created).toBe(length);
  });
});

test('attendance is read of each school on as many pages as it has, and a district is not asked', async () => {
  const stage = await open({ district: { students: 8, assignments: 0, attendance: 1100 } });
  const marks = await stage.source(stage.entity('attendanceEvent'), 'all');

  const { run, entityTypes, quarantined } = await stage.sync();

  expect(run.state).toBe('succeeded');
  expect(quarantined).toEqual([]);
  expect(marks.length).toBeGreaterThan(100);
  expect(entityTypes.get('attendanceEvent')?.counts.created).toBe(marks.length);
});

describe('what a district does not have', () => {
  test('is passed over, and asked for once', async () => {
    const stage = await open({ without: ['terms', 'events'] });

    const { run, entityTypes, quarantined } = await stage.sync();

    expect(run.state).toBe('succeeded');
    expect(entityTypes.get('academicSession')).toMatchObject({
      stage: 'skipped',
      failure: { code: 'not_found' },
    });
    expect(stage.simulator.requests('GET /v3.1/terms')).toHaveLength(1);
    expect(stage.simulator.requests('GET /v3.1/events')).toHaveLength(1);
    expect(quarantined).toEqual([]);
    expect(entityTypes.get('class')?.counts.created).toBeGreaterThan(0);
  });

  test.each([
    ['501, as of whoever does not share any', { without: ['attendance', 'events'] as const }, 501],
    [
      '404, as of whoever has not bought it',
      { faults: ['GET /v3.1/attendance/schools/*: 404 times=always'] },
      404,
    ],
  ])('may be attendance: it is passed over where each school answers %s', async (_, options, status) => {
    const stage = await open(options);

    const nights = [await stage.sync(), await stage.sync()];

    for (const { run, entityTypes } of nights) {
      expect(run.state).toBe('succeeded');
      expect(entityTypes.get('attendanceEvent')).toMatchObject({
        stage: 'skipped',
        failure: { code: 'not_found' },
      });
    }
    const asked = stage.simulator.requests().filter(({ path }) => path.includes('/attendance/'));
    expect(new Set(asked.map((request) => request.status))).toEqual(new Set([status]));
    const schools = (await stage.stored(undefined, 'org')).flatMap(({ recordId, value }) =>
      value?.type === 'school' ? [recordId] : [],
    );
    // No list is asked for twice in a night, and a district has none.
    for (const { path } of asked) {
      expect(schools).toContain(path.split('/').at(-1));
      expect(asked.filter((one) => one.path === path).length).toBeLessThanOrEqual(nights.length);
    }
  });

  test('may be courses: then its sections are classes all the same', async () => {
    const stage = await open({ without: ['courses'] });

    const { run, entityTypes, quarantined } = await stage.sync();

    expect([run.state, quarantined]).toEqual(['succeeded', []]);
    expect(entityTypes.get('course')).toMatchObject({ stage: 'skipped' });
    expect(entityTypes.get('class')?.counts.created).toBeGreaterThan(0);
    expect(entityTypes.get('enrollment')?.counts.created).toBeGreaterThan(0);
  });

  test('may be attendance: under 3.0 nobody asks for it', async () => {
    const stage = await open({ version: '3.0' });

    const { run, entityTypes } = await stage.sync();

    expect(run.state).toBe('succeeded');
    expect(entityTypes.get('attendanceEvent')).toMatchObject({ stage: 'skipped' });
    expect(stage.simulator.requests().filter(({ path }) => path.includes('attendance'))).toEqual([]);
  });

  test('is a failure where it had some, and what is stored stays', async () => {
    const stage = await open();
    await stage.sync();
    const before = await stage.stored();
    stage.simulator.addFault('GET /v3.1/terms: 501 times=always');

    const { run, entityTypes } = await stage.sync();

    expect(run.state).toBe('partial');
    expect(entityTypes.get('academicSession')).toMatchObject({ stage: 'failed' });
    expect(await stage.stored()).toEqual(before);
    expect(stage.simulator.requests('GET /v3.1/terms').filter(({ status }) => status === 501)).toHaveLength(
      1,
    );
  });
});

describe('signing in', () => {
  test('as the application looks the token up once, and again once it was exchanged for another', async () => {
    const stage = await open({ asApplication: true });
    stage.simulator.addFault('GET /v3.1/users page=2: expire-token');

    const { run, entityTypes } = await stage.sync(only);

    expect(run.state).toBe('succeeded');
    expect(entityTypes.get('user')?.counts.quarantined).toBe(0);
    expect(stage.simulator.requests('GET /oauth/tokens')).toHaveLength(2);
  });

  test('with a token that was taken back ends the run, since there is no other', async () => {
    const stage = await open();
    stage.simulator.addFault('GET /v3.1/users page=2: expire-token');

    const { run } = await stage.sync(only);

    expect(run).toMatchObject({ state: 'failed', failure: { code: 'credentials_rejected' } });
  });

  test('as an application that the district does not share with is no success', async () => {
    const stage = await open({ asApplication: true });
    const { application } = stage.simulator;
    await stage.replaceCredential({ ...application, district: '0'.repeat(24) });

    const { run } = await stage.sync(only);

    expect(run.state).toBe('failed');
  });

  test.each([
    [{ type: 'district', token: 'two words' }],
    [{ type: 'district', token: '' }],
    [{ type: 'district', token: 'naïve' }],
    [{ type: 'application', clientId: 'a', clientSecret: 'b', district: 'Maple Valley' }],
    [{ token: 'without a type' }],
  ])('with %j is refused before anything is asked', (credential) => {
    expect(api.credential.safeParse(credential).success).toBe(false);
  });
});

test.each([
  'https://api.clever.com',
  'https://api.clever.com/',
  'https://api.clever.com/v3.0',
  'https://api.clever.com/v3.1/',
])('the base URL may be %s', (baseUrl) => {
  expect(api.connection.parse({ baseUrl })).toMatchObject({
    baseUrl: 'https://api.clever.com',
    version: '3.1',
  });
});

test('more than 1,200 requests a minute are not made', async () => {
  const stage = await open({ district: { students: 60, assignments: 0 } });

  for (let runs = 0; runs < 3; runs++) await stage.sync();

  expect(stage.simulator.requests().filter(({ status }) => status === 429)).toEqual([]);
  const moments = stage.tap.sent.map(({ at }) => at);
  const most = Math.max(
    ...moments.map((at) => moments.filter((one) => one >= at && one < at + 1_000).length),
  );
  expect(most).toBeLessThanOrEqual(21);
});

test('when the limit is exceeded all the same, the run waits until the minute is over', async () => {
  const stage = await open();
  stage.simulator.addFault('GET /v3.1/users page=2: 429 rate-limit-reset=40');
  const from = stage.clock.now();

  const { run } = await stage.sync(only);

  expect(run.state).toBe('succeeded');
  expect(stage.clock.now() - from).toBeGreaterThanOrEqual(40_000);
});
