import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, test } from 'vitest';
import { openControl, register, runNight } from '../control.fixture.ts';
import { controlMethods } from '../service.ts';
import { getVendor } from './vendors.ts';

const integration = { customerId: 'springfield', integrationId: 'oneroster' };
const canaries = ['canary-client-id', 'canary-"s3cr3t"/ü+%', 'canary-in-a-list', 'canary-as-a-name'];
const credential = {
  clientId: canaries[0] as string,
  clientSecret: canaries[1] as string,
  more: [canaries[2] as string, { [canaries[3] as string]: true }],
};

/**
 * Methods that find nothing to do here: the run is queued, the record is not stored yet, there is no
 * conflict, no other service and no mail server.
 */
const refusals: Readonly<Record<string, string>> = {
  'runs.approve.v1': 'stale_version',
  'runs.reject.v1': 'stale_version',
  'runs.revert.v1': 'invalid_params',
  'records.get.v1': 'not_found',
  'records.history.v1': 'not_found',
  'conflicts.resolve.v1': 'not_found',
  'integrations.check.v1': 'unavailable',
  'vendors.get.v1': 'unavailable',
  'notifications.test.v1': 'config_invalid',
};

/** The canaries that a text holds, in any spelling in which they travel or are stored. */
function findIn(text: string): readonly string[] {
  return canaries.filter((canary) => {
    const bytes = Buffer.from(canary);
    // In base64 a text reads in three ways, by where it begins; the outer characters mix with what stands beside it.
    const inBase64 = [0, 1, 2].map((shift) =>
      Buffer.concat([Buffer.alloc(shift), bytes])
        .toString('base64')
        .slice(4, -4),
    );
    const forms = [
      canary,
      JSON.stringify(canary).slice(1, -1),
      encodeURIComponent(canary),
      bytes.toString('latin1'),
      bytes.toString('hex'),
      ...inBase64,
      ...inBase64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    ];
    return forms.some((form) => text.includes(form));
  });
}

describe('a credential', () => {
  test('is stored so that control cannot open it, and a vendor’s service can', async () => {
    const stage = await openControl();
    await register(stage, 'springfield');

    expect(await stage.result('credentials.put.v1', { ...integration, credential })).toEqual({
      stored: true,
    });

    await expect(stage.openCredential('itself', 'springfield', 'oneroster')).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(await stage.openCredential('vendor', 'springfield', 'oneroster')).toEqual(credential);
  });

  test('is replaced whole by the next one', async () => {
    const stage = await openControl();
    await register(stage, 'springfield');
    await stage.result('credentials.put.v1', { ...integration, credential });
    await stage.result('credentials.put.v1', { ...integration, credential: { apiKey: 'new' } });
    expect(await stage.openCredential('vendor', 'springfield', 'oneroster')).toEqual({ apiKey: 'new' });
  });

  test.each([
    ['an integration that is not there', { integrationId: 'nowhere' }],
    ['a customer that is not there', { customerId: 'shelbyville' }],
  ])('of %s is refused', async (_name, wrong) => {
    const stage = await openControl();
    await register(stage, 'springfield');
    const { error } = await stage.call('credentials.put.v1', { ...integration, ...wrong, credential });
    expect(error?.data).toMatchObject({ code: 'not_found', ...wrong });
  });

  test('is in no answer of any method, good or bad, in no log line, no task, and no file of the home', async () => {
    const stage = await openControl();
    await register(stage, 'springfield', ['oneroster', 'other']);
    const answers: unknown[] = [];
    for (const params of [
      { ...integration, credential },
      { ...integration, credential: { ...credential, clientId: 'second' } },
      // Misspelt and misplaced, as people do it: what is wrong is said without what was sent.
      { ...integration, integrationId: 'nowhere', credential },
      { ...integration, credential: canaries },
      { ...integration, credential: canaries[1] as string },
      { ...integration, credentials: credential },
      { ...integration, integrationId: credential.clientSecret, credential },
      { ...integration, credential, note: credential.clientSecret },
    ]) {
      answers.push(await stage.call('credentials.put.v1', params));
    }
    expect(await stage.openCredential('vendor', 'springfield', 'oneroster')).toMatchObject({
      clientSecret: credential.clientSecret,
    });
    await runNight(stage, '2026-01-01');
    const [run] = (await stage.result('nightly.get.v1', { night: '2026-01-01' })).runs as JsonObject[];
    for (const { wireName, params } of controlMethods) {
      const known: JsonObject = {
        ...integration,
        runId: run?.runId as string,
        entityType: 'category',
        recordId: 'c1',
        value: { status: 'active', title: 'A category' },
        decisions: [{ conflictId: 'none', inputs: 'none', choice: 'ours' }],
        night: '2026-01-01',
        kind: 'task',
        queue: 'control',
        ids: ['none'],
        settings: { disabledEntityTypes: [] },
        name: 'Springfield',
        vendor: 'oneroster',
        connection: { baseUrl: 'https://example.com' },
        credential: { clientId: 'last' },
        recipients: [],
        role: 'viewer',
        reason: 'a mistake',
        limits: {},
      };
      const named = Object.keys(params.shape).filter((name) => name in known);
      const sound = Object.fromEntries(named.map((name) => [name, known[name] as JsonObject]));
      const answer = await stage.call(wireName, sound);
      expect(answer.error?.data.code, wireName).toBe(refusals[wireName]);
      answers.push(answer);
    }
    answers.push(await stage.call('rpc.discover', {}));

    const files = await stage.readFiles();
    expect([...files.keys()].some((path) => path.endsWith('-wal'))).toBe(true);
    expect([...files.values()].some((bytes) => bytes.includes('https://example.com'))).toBe(true);
    for (const [path, bytes] of files) expect(findIn(bytes), path).toEqual([]);
    expect(findIn(JSON.stringify(answers))).toEqual([]);
    expect(stage.logged.length).toBeGreaterThan(0);
    expect(findIn(stage.logged.join('\n'))).toEqual([]);
    expect(findIn(JSON.stringify(stage.enqueued))).toEqual([]);
  });

  test('would be found by this search in any of its spellings', () => {
    const text = `${canaries[1]}`;
    const spellings = [
      JSON.stringify({ a: text }),
      encodeURIComponent(text),
      Buffer.from(`{"clientSecret":"${text}","x":1}`).toString('base64'),
      Buffer.from(` ${text} and more`).toString('base64url'),
      Buffer.from(text).toString('latin1'),
    ];
    expect(spellings.map((spelling) => findIn(spelling))).toEqual(spellings.map(() => [text]));
  });
});

test('no method of control gives credentials out: one takes them, and no result has a place for them', () => {
  const taking = controlMethods.filter(({ params }) => 'credential' in params.shape);
  expect(taking.map(({ wireName }) => wireName)).toEqual(['credentials.put.v1']);
  // What it describes is which form credentials have.
  for (const { wireName, result } of controlMethods.filter((method) => method !== getVendor)) {
    expect(
      Object.keys(result.shape).filter((name) => /credential|secret/i.test(name)),
      wireName,
    ).toEqual([]);
  }
});
