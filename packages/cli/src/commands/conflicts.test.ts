import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { foretellDecision } from '@flotilla/substrate/report/foretell-decision';
import { IntegrationSettings } from '@flotilla/substrate/settings/integration-settings';
import { describe, expect, test } from 'vitest';
import { type FakeAnswers, openFakeControl } from '../fleet/fake-control.fixture.ts';

const hostile = `Ann\u001b[2J\u009b1A\u202eevil ${'x'.repeat(10_000)}`;

function conflictOf(conflictId: string, own: JsonObject = {}): JsonObject {
  return {
    conflictId,
    integrationId: 'sis',
    entityType: 'user',
    recordId: 'u1',
    name: 'Ann',
    pointer: '/givenName',
    kind: 'modify/modify',
    sides: { base: 'Ann', ours: 'Anna', theirs: 'Anne' },
    inputs: `inputs of ${conflictId}`,
    rule: 'manual (default)',
    state: 'open',
    decision: null,
    foundBy: '51c33b78-c7f1-4e2c-994e-5502d89830f8',
    version: 3,
    ...own,
  };
}

const conflicts = [
  conflictOf('aaaa1111xxxx'),
  conflictOf('aaaa2222xxxx', { pointer: '/age', sides: { base: 5, ours: '5' } }),
  conflictOf('-bbb3333xxxx', {
    recordId: 'u2',
    name: null,
    sides: { ours: hostile, theirs: 'שלום' },
    foundBy: 'other',
  }),
  conflictOf('cccc4444xxxx', {
    entityType: 'class',
    recordId: 'c1',
    name: 'Art',
    pointer: '',
    kind: 'delete/modify',
    sides: { base: { title: 'Art', room: '1' }, theirs: { title: 'Arts', room: '1' } },
    state: 'decided',
    decision: { choice: 'ours', reason: null, decidedBy: 'me', decidedAt: '2026-01-01T00:00:00Z' },
  }),
];

const answers: FakeAnswers = {
  'customers.list.v1': {
    customers: ['shelbyville', 'springfield'].map((customerId) => ({
      customerId,
      name: customerId === 'springfield' ? 'Springfield schools' : customerId,
      timeZone: 'UTC',
    })),
    next: null,
  },
  // Two pages, to be read through.
  'conflicts.list.v1': ({ customerId, after, state }) => {
    if (customerId !== 'springfield' && customerId !== 'shelbyville') return new Error('not_found');
    const own = customerId === 'springfield' ? conflicts : [];
    const found = own.filter((one) => state === undefined || one.state === state);
    return after === undefined
      ? { conflicts: found.slice(0, 2), next: found.length > 2 ? 'aaaa2222xxxx' : null }
      : { conflicts: found.slice(2), next: null };
  },
  'conflicts.resolve.v1': resolveWith({ writeBack: ['user'] }),
};

/** As the service does it. */
function resolveWith(chosen: JsonObject, waitsFor = 0): FakeAnswers[string] {
  const settings = IntegrationSettings.parse(chosen);
  return ({ decisions, apply }) => ({
    conflicts: (decisions as JsonObject[]).map(({ conflictId, choice }) => ({
      ...conflicts.find((one) => one.conflictId === conflictId),
      state: 'decided',
      decision: { choice: choice ?? null },
    })),
    foretold: (decisions as JsonObject[]).map((decision) => foretellOf(decision, settings, waitsFor)),
    runIds: apply === true ? ['00832bbe-a6af-4b15-a214-34bc87dda8f8'] : [],
  });
}

function foretellOf(
  { conflictId, choice }: JsonObject,
  settings: IntegrationSettings,
  waitsFor: number,
): JsonObject {
  const { entityType, sides } = conflicts.find((one) => one.conflictId === conflictId) ?? {};
  const decided = {
    entityType: entityType as string,
    sides: sides as JsonObject,
    choice: choice as Parameters<typeof foretellDecision>[0]['choice'],
  };
  return JSON.parse(
    JSON.stringify({ conflictId, waitsFor, ...foretellDecision(decided, settings) }),
  ) as JsonObject;
}

describe('flotilla conflicts', () => {
  test('shows base, ours and theirs side by side, record by record', async () => {
    const { code, out } = await (await openFakeControl(answers)).run('conflicts');

    expect(code).toBe(0);
    const lines = out.split('\n').map((line) => line.replaceAll(/\s{2,}/g, ' | '));
    expect(lines.slice(0, 4)).toEqual([
      'Springfield schools (springfield) / sis: user Ann (u1)',
      'conflict | field | base | ours | theirs | state',
      'aaaa1111 | /givenName | Ann | Anna | Anne | open',
      'aaaa2222 | /age | 5 | "5" | (none) | open',
    ]);
    expect(lines.slice(-4)).toEqual([
      'conflict | field | base | ours | theirs | state',
      'cccc4444 | the record | there | (none) | there | decided: ours',
      ' | /title | Art | (none) | Arts',
      '',
    ]);
  });

  test('shows hostile data harmlessly and shortened, within the width of the terminal', async () => {
    const { out } = await (await openFakeControl(answers, 80)).run('conflicts', '--record', 'u2');

    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(out).toMatch(/… 9,\d\d\d more/);
    expect(out).toMatch(/bbb3333x/);
    for (const line of out.split('\n')) expect(line.replaceAll('\u200e', '').length).toBeLessThanOrEqual(80);
  });

  test('of a run are asked for by its id where that is given whole', async () => {
    const runId = '51c33b78-c7f1-4e2c-994e-5502d89830f8';
    const run = {
      runId,
      integrationId: 'sis',
      vendor: 'oneroster',
      context: 'manual',
      method: 'm',
      state: 'partial',
    };
    const times = { requestedAt: '', startedAt: null, finishedAt: null, lastSequence: null, failure: null };
    const control = await openFakeControl({
      ...answers,
      'runs.get.v1': ({ customerId }) =>
        customerId === 'springfield' ? { customerId, ...run, ...times } : new Error('not_found'),
    });
    const whole = await control.run('conflicts', runId.toUpperCase());
    const begun = await control.run('conflicts', '51c3');

    const asked = control.calls
      .filter(([method]) => method === 'conflicts.list.v1')
      .map(([, params]) => params);
    expect(asked[0]).toEqual({ customerId: 'springfield', runId, limit: 200 });
    expect(whole.out).toBe(begun.out);
    expect(whole.out).not.toContain('bbb3333x');
  });

  test('gives a program everything, and asks only for what is meant', async () => {
    const control = await openFakeControl(answers);
    const { out } = await control.run(
      'conflicts',
      '--customer',
      'springfield',
      '--entity-type',
      'class',
      '--json',
    );
    const byRun = await control.run('conflicts', '--run', '51C33', '--limit', '1', '--json');

    expect(JSON.parse(out)).toEqual([{ ...conflicts[3], customerId: 'springfield' }]);
    expect(JSON.parse(byRun.out)).toMatchObject([{ conflictId: 'aaaa1111xxxx' }]);
  });

  test('of a customer who is not there names those who are', async () => {
    const { code, err } = await (await openFakeControl(answers)).run('conflicts', '--customer', 'sprinfield');

    expect(code).toBe(1);
    expect(err).toContain('Is springfield meant?');
  });
});

describe('flotilla resolve', () => {
  test('decides each as it is told, for what was seen, and tells what the next run will do', async () => {
    const control = await openFakeControl(answers);
    const words = ['aaaa1=theirs', 'aaaa2={"x":1}', 'bbb3333x=ours'];
    const { code, out, err } = await control.run('resolve', ...words, '--reason', 'asked');

    expect(code).toBe(0);
    const [[, params] = []] = control.calls.filter(([method]) => method === 'conflicts.resolve.v1');
    expect(params).toEqual({
      customerId: 'springfield',
      reason: 'asked',
      decisions: [
        { conflictId: 'aaaa1111xxxx', inputs: 'inputs of aaaa1111xxxx', choice: 'theirs', ifVersion: 3 },
        {
          conflictId: 'aaaa2222xxxx',
          inputs: 'inputs of aaaa2222xxxx',
          choice: { value: { x: 1 } },
          ifVersion: 3,
        },
        { conflictId: '-bbb3333xxxx', inputs: 'inputs of -bbb3333xxxx', choice: 'ours', ifVersion: 3 },
      ],
    });
    const lines = out.split('\n').map((line) => line.replaceAll(/\s{2,}/g, ' | '));
    expect(lines).toContain('user Ann (u1) | /givenName | Anna → Anne | stays Anne');
    expect(lines).toContain('user Ann (u1) | /age | "5" → {"x":1} | as it is, absent → {"x":1}');
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(err).toContain('The next run follows. To start one:');
    expect(err).toContain('sync springfield sis');
  });

  test('decides all that are open and meant, at once where that is asked for', async () => {
    const control = await openFakeControl(answers);
    const { out, err } = await control.run(
      'resolve',
      '--all',
      'theirs',
      '--customer',
      'springfield',
      '--now',
    );

    const [[, params] = []] = control.calls.filter(([method]) => method === 'conflicts.resolve.v1');
    expect(params).toMatchObject({ apply: true });
    expect(((params?.decisions ?? []) as JsonObject[]).map(({ conflictId }) => conflictId)).toEqual([
      'aaaa1111xxxx',
      'aaaa2222xxxx',
      '-bbb3333xxxx',
    ]);
    expect(out).toContain('3 conflicts decided');
    expect(err).toContain('report 00832bbe-a6af-4b15-a214-34bc87dda8f8');
  });

  test('says that a vendor which is not written to stays as it is', async () => {
    const control = await openFakeControl({ ...answers, 'conflicts.resolve.v1': resolveWith({}) });
    const { out } = await control.run('resolve', 'aaaa1=ours');

    expect(out.replaceAll(/\s+/g, ' ')).toContain('stays Anna stays Anne: user is not written back');
  });

  test('only tells what would come of it where that is asked for', async () => {
    const control = await openFakeControl(answers);
    const { code, out, err } = await control.run('resolve', 'aaaa1=theirs', '--dry-run');

    expect(code).toBe(0);
    const [[, params] = []] = control.calls.filter(([method]) => method === 'conflicts.resolve.v1');
    expect(params).toMatchObject({ dryRun: true, decisions: [{ choice: 'theirs' }] });
    expect(out).toContain('1 conflict would be decided. What the run that follows would do:');
    expect(out).toContain('Anna → Anne');
    expect(err).toContain('Nothing was decided');
    expect(err).not.toContain('The next run follows');
  });

  test('says which records wait for more decisions, each once', async () => {
    const waiting = { ...answers, 'conflicts.resolve.v1': resolveWith({}, 2) };
    const { err } = await (await openFakeControl(waiting)).run('resolve', 'aaaa1=ours', 'aaaa2=ours');

    expect(err).toContain(
      '1 record has 2 other open conflicts: nothing of it is merged until all are decided.',
    );
  });

  test.each([
    [['resolve'], 'Nothing is decided'],
    [['resolve', 'aaaa=ours'], 'Several conflicts begin so'],
    [['resolve', 'dddd=ours'], 'No conflict that waits begins so'],
    [['resolve', 'aaaa1=ours', 'aaaa11=theirs'], 'A conflict is decided twice'],
    [['resolve', 'aaaa1=Ann'], 'A decision is ours, theirs or a value as JSON'],
    [['resolve', '--all', 'ours'], '--all needs --customer'],
    [['resolve', 'aaaa1=ours', '--all', 'ours'], 'Both --all and single decisions'],
  ])('refuses %j, and decides nothing', async (words, reason) => {
    const control = await openFakeControl(answers);
    const { code, out, err } = await control.run(...words);

    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(reason);
    expect(err).toContain('→');
    expect(control.calls.map(([method]) => method)).not.toContain('conflicts.resolve.v1');
  });

  test('tells a program what the service refuses, by its code', async () => {
    const refusing = { ...answers, 'conflicts.resolve.v1': () => new Error('stale_version') };
    const { code, err } = await (await openFakeControl(refusing)).run('resolve', 'aaaa1=ours', '--json');

    expect(code).toBe(1);
    expect(JSON.parse(err)).toMatchObject({ error: { code: 'stale_version' } });
  });
});
