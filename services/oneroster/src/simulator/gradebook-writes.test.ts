import { createManualClock } from '@flotilla/substrate/clock/clock.manual';
import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { openClient } from '@flotilla/substrate/testing/open-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createOneRosterSimulator, type OneRosterSimulatorOptions } from '../simulator.ts';
import { oneroster } from '../vendor.ts';

const scope = 'https://purl.imsglobal.org/spec/or/v1p2/scope/';
const gra = '/ims/oneroster/gradebook/v1p2';
const old = '/ims/oneroster/v1p1';
const pupil = 'scr-000001-stu-000001';

/** Whatever the answer, it is told; `scopes` are those of the token, by default all. */
async function open(options: OneRosterSimulatorOptions = {}, scopes?: readonly string[]) {
  const simulator = await createOneRosterSimulator({
    auth: 'oauth2',
    district: { students: 20, seed: 1 },
    ...options,
  });
  onTestFinished(() => simulator.close());
  await simulator.listen();
  const { baseUrl, version, credentials } = simulator;
  if (credentials.kind !== 'oauth2') throw new RangeError('not OAuth 2');
  const { clientId, clientSecret } = credentials;
  const { client } = openClient(oneroster, {
    connection: { baseUrl, version, scopes: scopes?.map((name) => scope + name) ?? [...credentials.scopes] },
    credential: { type: 'oauth2', clientId, clientSecret },
  });
  onTestFinished(() => client.close());

  async function call(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, json?: JsonValue) {
    const answer = await client.request({
      method,
      path,
      tolerate: [400, 403, 404, 405, 422],
      ...(json === undefined ? {} : { body: { json } }),
    });
    const body = answer.body.byteLength === 0 ? {} : answer.json();
    return { status: answer.status, allow: answer.headers.allow, body: isJsonObject(body) ? body : {} };
  }

  async function admin(path: string, body: JsonObject): Promise<number> {
    const headers = { Authorization: `Bearer ${simulator.adminToken}` };
    return (await fetch(simulator.origin + path, { method: 'POST', headers, body: JSON.stringify(body) }))
      .status;
  }

  return { simulator, call, admin };
}

function reference(type: string, sourcedId: string): JsonObject {
  return { href: `https://client.example/${sourcedId}`, sourcedId, type };
}

function score(sourcedId: string, changes: JsonObject = {}): JsonObject {
  return {
    sourcedId,
    status: 'active',
    dateLastModified: '2026-01-01T00:00:00Z',
    lineItem: reference('lineItem', 'asg-000001'),
    student: reference('user', 'stu-000001'),
    scoreStatus: 'fully graded',
    scoreDate: '2026-01-05',
    score: 7.5,
    ...changes,
  };
}

const item: JsonObject = {
  sourcedId: 'ours-1',
  status: 'active',
  dateLastModified: '2026-01-01T00:00:00Z',
  title: 'Essay',
  assignDate: '2026-01-01T00:00:00Z',
  dueDate: '2026-01-09T00:00:00Z',
  class: reference('class', 'cls-000001'),
  school: reference('org', 'org-school-001'),
  category: reference('category', 'cat-tests'),
};

describe('a token', () => {
  test.each([
    ['gradebook.createput', 'PUT', 201],
    ['gradebook.createpost', 'POST', 201],
    ['gradebook.delete', 'DELETE', 204],
    ['gradebook.readonly', undefined, 0],
    ['assessment.createput', undefined, 0],
  ] as const)('with %s alone may %s and nothing else', async (name, allowed, success) => {
    const { simulator, call } = await open({}, [name]);
    const before = simulator.counts().results;
    const answers = [
      ['PUT', await call('PUT', `${gra}/results/${pupil}`, { result: score(pupil) })],
      ['POST', await call('POST', `${gra}/lineItems/asg-000001/results`, { results: [score('x')] })],
      ['DELETE', await call('DELETE', `${gra}/results/scr-000001-stu-000014`)],
    ] as const;
    for (const [method, { status, body }] of answers) {
      if (method === allowed) {
        expect([method, status]).toEqual([method, success]);
        continue;
      }
      expect([method, status]).toEqual([method, 403]);
      expect(body).toMatchObject({
        imsx_codeMajor: 'failure',
        imsx_severity: 'error',
        imsx_CodeMinor: { imsx_codeMinorField: [{ imsx_codeMinorFieldValue: 'forbidden' }] },
      });
    }
    if (allowed === undefined) expect(simulator.counts().results).toBe(before);
  });
});

describe('what a version lacks', () => {
  test('is answered 405 where there is something to read, and 404 where there is nothing', async () => {
    const older = await open({ version: '1.1' });
    const inClass = await older.call('POST', `${old}/classes/cls-000001/lineItems`, { lineItems: [item] });
    expect([inClass.status, inClass.allow]).toEqual([405, 'GET']);
    expect((await older.call('POST', `${old}/lineItems/asg-000001/results`, { results: [] })).status).toBe(
      404,
    );

    const newer = await open();
    const list = await newer.call('POST', `${gra}/results`, { results: [] });
    expect([list.status, list.allow]).toEqual([405, 'GET']);
    const single = await newer.call('POST', `${gra}/results/${pupil}`, { result: score(pupil) });
    expect([single.status, single.allow]).toEqual([405, 'GET, PUT, DELETE']);
    expect((await newer.call('POST', `${gra}/lineItems/none/results`, { results: [] })).status).toBe(404);
  });
});

describe('a write', () => {
  test('is stamped with the time of the server, not with what the client said', async () => {
    const clock = createManualClock(Date.UTC(2026, 1, 1));
    const { simulator, call } = await open({ clock });
    await call('PUT', `${gra}/results/${pupil}`, { result: score(pupil) });
    const posted = await call('POST', `${gra}/lineItems/asg-000001/results`, { results: [score('x')] });
    expect(posted.status).toBe(201);
    const dates = (await call('GET', `${gra}/results?limit=1000`)).body.results;
    const stamped = (dates as readonly JsonObject[]).filter(
      ({ dateLastModified }) => dateLastModified === '2026-02-01T00:00:00.000Z',
    );
    expect(stamped).toHaveLength(2);
    expect(simulator.record('results', pupil)?.score).toBe(7.5);
  });

  test('is given ids as the simulator is told', async () => {
    const { simulator, call } = await open({ allocateId: (collection, id) => `${collection}-for-${id}` });
    const made = await call('POST', `${gra}/classes/cls-000001/lineItems`, { lineItems: [item] });
    expect(made.body).toEqual({
      sourcedIdPairs: [{ suppliedSourcedId: 'ours-1', allocatedSourcedId: 'lineItems-for-ours-1' }],
    });
    expect(simulator.record('lineItems', 'lineItems-for-ours-1')?.title).toBe('Essay');
    expect(simulator.record('lineItems', 'ours-1')).toBeUndefined();
  });

  test('is refused on request with the words of the standard, and leaves everything as it was', async () => {
    const { simulator, call } = await open({ faults: [`PUT /results/${pupil}: 422 times=2`] });
    const before = simulator.record('results', pupil);
    for (const status of [422, 422, 201]) {
      expect(simulator.record('results', pupil)).toEqual(before);
      const answer = await call('PUT', `${gra}/results/${pupil}`, { result: score(pupil) });
      expect(answer.status).toBe(status);
      if (status === 422) {
        expect(answer.body).toEqual({
          imsx_codeMajor: 'failure',
          imsx_severity: 'error',
          imsx_description: 'Fault injected by the simulator',
          imsx_CodeMinor: {
            imsx_codeMinorField: [
              { imsx_codeMinorFieldName: 'TargetEndSystem', imsx_codeMinorFieldValue: 'invaliddata' },
            ],
          },
        });
      }
    }
    expect(simulator.record('results', pupil)?.score).toBe(7.5);
  });

  test('is rounded under round-scores, put or posted, and nothing else of it', async () => {
    const { simulator, call } = await open({
      quirks: ['round-scores'],
      allocateId: (_, id) => `theirs-${id}`,
    });
    await call('PUT', `${gra}/results/${pupil}`, { result: score(pupil, { score: 6.4 }) });
    await call('POST', `${gra}/lineItems/asg-000001/results`, { results: [score('x', { comment: '7.5' })] });
    const { score: unscored, ...silent } = score('y');
    expect(unscored).toBe(7.5);
    await call('PUT', `${gra}/results/y`, { result: silent });
    expect(simulator.record('results', pupil)?.score).toBe(6);
    expect(simulator.record('results', 'theirs-x')).toMatchObject({ score: 8, comment: '7.5' });
    expect(simulator.record('results', 'y')).not.toHaveProperty('score');
  });

  test('that deletes only marks under delete-marks; what is marked holds nothing else back', async () => {
    const { simulator, call } = await open({
      quirks: ['delete-marks'],
      allocateId: (_, id) => `theirs-${id}`,
    });
    await call('POST', `${gra}/classes/cls-000001/lineItems`, { lineItems: [item] });
    const own = { lineItem: reference('lineItem', 'theirs-ours-1') };
    await call('PUT', `${gra}/results/r-1`, { result: score('r-1', own) });
    expect((await call('DELETE', `${gra}/lineItems/theirs-ours-1`)).status).toBe(422);
    expect((await call('DELETE', `${gra}/results/r-1`)).status).toBe(204);
    expect((await call('DELETE', `${gra}/lineItems/theirs-ours-1`)).status).toBe(204);
    expect(simulator.record('results', 'r-1')?.status).toBe('tobedeleted');
    const read = await call('GET', `${gra}/lineItems/theirs-ours-1`);
    expect(read).toMatchObject({
      status: 200,
      body: { lineItem: { status: 'tobedeleted', title: 'Essay' } },
    });
    expect((await call('PUT', `${gra}/results/r-1`, { result: score('r-1') })).status).toBe(201);
    expect(simulator.record('results', 'r-1')?.status).toBe('active');
  });
});

describe('what a teacher does between two runs', () => {
  test('is created, changed and deleted through the admin endpoint, and dated by it', async () => {
    const clock = createManualClock(Date.UTC(2026, 1, 1));
    const { simulator, call, admin } = await open({ clock });
    const created = { ...item, sourcedId: 'li-9' };
    const { dateLastModified: _, ...undated } = score('r-9', {
      lineItem: { sourcedId: 'li-9', type: 'lineItem' },
    });
    const changed = { ...simulator.record('results', pupil), comment: 'Seen by a teacher' };
    const edits = [
      { collection: 'lineItems', op: 'put', id: 'li-9', record: created },
      { collection: 'results', op: 'put', id: 'r-9', record: undated },
      { collection: 'results', op: 'put', id: pupil, record: changed },
      { collection: 'results', op: 'remove', id: 'scr-000001-stu-000014' },
    ];
    expect(await admin('/admin/edit', { edits })).toBe(200);

    const now = '2026-02-01T00:00:00.000Z';
    expect((await call('GET', `${gra}/results/r-9`)).body.result).toMatchObject({
      dateLastModified: now,
      lineItem: { href: expect.stringContaining('/lineItems/li-9'), sourcedId: 'li-9' },
    });
    expect((await call('GET', `${gra}/results/${pupil}`)).body.result).toMatchObject({
      dateLastModified: now,
      comment: 'Seen by a teacher',
    });
    // A date that was given is one that the test wants.
    expect(simulator.record('lineItems', 'li-9')?.dateLastModified).toBe('2026-01-01T00:00:00Z');
    expect((await call('GET', `${gra}/results/scr-000001-stu-000014`)).status).toBe(404);
  });
});
