import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, test } from 'vitest';
import { type FakeAnswers, openFakeControl } from '../fleet/fake-control.fixture.ts';

const heldId = '51c33b78-c7f1-4e2c-994e-5502d89830f8';
const failedId = '8f14e45f-ceea-467f-9c15-2b5bbd5d4a10';
const hostile = 'Ann\u001b]0;x\u0007\u2066';

function runOf(runId: string, state: string, own: JsonObject = {}): JsonObject {
  return {
    customerId: 'springfield',
    runId,
    integrationId: 'sis',
    vendor: 'oneroster',
    context: 'manual',
    method: 'rosters.sync.v1',
    state,
    reverts: null,
    heldSince: state === 'held' ? '2026-01-31T07:00:00.000Z' : null,
    expiresAt: state === 'held' ? '2026-02-07T07:00:00.000Z' : null,
    requestedAt: '2026-01-31T06:59:00.000Z',
    startedAt: '2026-01-31T06:59:01.000Z',
    finishedAt: state === 'held' ? null : '2026-01-31T06:59:02.500Z',
    lastSequence: null,
    failure: null,
    totals: { created: 1, updated: 2, deleted: 3 },
    ...own,
  };
}

const limits = { direction: 'toOurs', action: 'delete', planned: 1_200, allowed: 10, stored: 1_500 };
const held = runOf(heldId, 'held', {
  entityTypes: [{ entityType: 'user', plan: { exceeded: [limits] } }],
});
const runs = [
  held,
  runOf(failedId, 'failed', {
    requestedAt: '2026-01-30T06:00:00.000Z',
    failure: { code: 'internal', message: hostile, data: {} },
  }),
];
const line = {
  action: 'update',
  pointer: '/givenName',
  before: 'Ann',
  after: hostile,
  rule: 'theirs changed',
};
const planned = [
  {
    entityType: 'user',
    recordId: 'u1',
    toOurs: { action: 'update', lines: [line] },
    toTheirs: null,
    conflicts: [],
    conflictsOmitted: 0,
  },
  {
    entityType: 'user',
    recordId: 'u2',
    toOurs: null,
    toTheirs: null,
    conflicts: [{ pointer: '/email', ours: 'a', theirs: 'b' }],
  },
];

const answers: FakeAnswers = {
  'customers.list.v1': {
    customers: [{ customerId: 'springfield', name: 'The \u202eSchools', timeZone: 'UTC' }],
    next: null,
  },
  // As the service filters them.
  'runs.list.v1': ({ state, states, since }) => ({
    runs: runs.filter(
      (run) =>
        (state === undefined || run.state === state) &&
        (states === undefined || (states as readonly unknown[]).includes(run.state)) &&
        (since === undefined || (run.requestedAt as string) >= (since as string)),
    ),
    next: null,
  }),
  'runs.get.v1': ({ runId }) =>
    runId === heldId ? held : runOf(runId as string, 'failed', { entityTypes: [] }),
  'runs.plan.v1': ({ limit }) => ({
    records: planned.slice(0, Number(limit)),
    next: Number(limit) < 2 ? { entityType: 'user', recordId: 'u1' } : null,
  }),
  'runs.approve.v1': { ...held, state: 'queued' },
  'runs.reject.v1': { ...held, state: 'rejected' },
};

const cellsOf = (out: string) => out.split('\n').map((each) => each.replaceAll(/\s{2,}/g, ' | '));

describe('flotilla held', () => {
  test('shows what is over its limit, and what would change, harmlessly', async () => {
    const { code, out, err } = await (await openFakeControl(answers)).run('held');

    expect(code).toBe(0);
    expect(cellsOf(out)).toEqual([
      '51c33b78 | The �Schools (springfield) / sis | rosters.sync.v1, held since 2026-01-31 07:00:00Z; ends by itself at 2026-02-07 07:00:00Z, with nothing changed',
      'over its limit | where | action | would be | allowed | stored',
      'user | on our side | delete | 1,200 | 10 | 1,500',
      '',
      'record | where | action | field | before | after',
      'user u1 | on our side | update | /givenName | Ann | Ann�]0;x��',
      'user u2 | conflict | waits | /email | a | b',
      '',
    ]);
    expect(err).toContain('approve 51c33b78 --held-since 2026-01-31T07:00:00.000Z');
    expect(err).toContain('reject 51c33b78 --held-since 2026-01-31T07:00:00.000Z --reason');
  });

  test('asks only for what is meant of one run, and says that there is more', async () => {
    const control = await openFakeControl(answers);
    const words = ['--side', 'ours', '--action', 'update', '--entity-type', 'user', '--records', '1'];
    const { out, err } = await control.run('held', '51c3', ...words);
    const json = await control.run('held', '--records', '1', '--json');

    expect(control.calls.find(([method]) => method === 'runs.plan.v1')?.[1]).toEqual({
      customerId: 'springfield',
      runId: heldId,
      entityType: 'user',
      direction: 'toOurs',
      action: 'update',
      limit: 1,
    });
    expect(out).toContain('… and more');
    expect(err).toContain('held 51c33b78 --records 100000');
    expect(JSON.parse(json.out)).toMatchObject([
      { runId: heldId, planned: [{ recordId: 'u1' }], plannedMore: true },
    ]);
  });

  test('says that none is held, and that one which is not held cannot be shown', async () => {
    const control = await openFakeControl({ ...answers, 'runs.list.v1': { runs: [], next: null } });

    expect(await control.run('held')).toMatchObject({ code: 0, out: 'No run is held.\n' });
    expect((await control.run('held', '8f14')).err).toContain('No such run is held');
  });
});

describe('flotilla approve and reject', () => {
  test('decide as the run was seen, and say what comes of it', async () => {
    const control = await openFakeControl(answers);
    const approved = await control.run('approve', '51c3');
    const seen = '2026-01-31T06:00:00.000Z';
    const rejected = await control.run('reject', '51c3', '--held-since', seen, '--reason', 'too many');

    expect(control.calls.filter(([method]) => /approve|reject/.test(method))).toEqual([
      ['runs.approve.v1', { customerId: 'springfield', runId: heldId, heldSince: held.heldSince }],
      ['runs.reject.v1', { customerId: 'springfield', runId: heldId, heldSince: seen, reason: 'too many' }],
    ]);
    expect(approved).toMatchObject({
      code: 0,
      out: `Approved: run ${heldId} of springfield / sis goes on.\n`,
    });
    expect(rejected.out).toContain('has ended, with nothing changed');
  });

  test('give a program the run as it is then', async () => {
    const { out } = await (await openFakeControl(answers)).run('approve', heldId, '--json');

    expect(JSON.parse(out)).toMatchObject({ runId: heldId, state: 'queued' });
  });

  test('know no run that is not held', async () => {
    const { code, err } = await (await openFakeControl(answers)).run('approve', '8f14');

    expect(code).toBe(1);
    expect(err).toContain('No such run is held');
    expect(err).toContain('held --home');
  });
});

describe('flotilla revert', () => {
  const records = [
    { entityType: 'user', recordId: `u1${hostile}`, fields: ['/email', ''], changedBy: [heldId] },
  ];
  const counts = {
    received: 0,
    unchanged: 0,
    quarantined: 0,
    withdrawn: 0,
    created: 0,
    updated: 0,
    deleted: 0,
  };
  const report = {
    ...runOf(failedId, 'failed', { method: 'runs.revert.v1', context: 'manual' }),
    isDryRun: false,
    decision: null,
    verdict: 'Failed: What the run changed was changed again since.',
    seconds: 1.5,
    totals: counts,
    steps: [],
    problems: [
      {
        code: 'revert_refused',
        title: 'It was changed since',
        vendorAnswer: null,
        again: 'It is not tried again.',
        entityType: null,
        recordId: null,
        place: null,
        message: 'What the run changed was changed again since',
        data: { runId: heldId, records },
        retry: 'never',
        actor: 'customer',
        advice: 'Take those back first.',
      },
    ],
    problemsOmitted: 0,
    changes: [],
    changesOmitted: 0,
    pushes: [],
    pushesOmitted: 0,
    conflicts: [],
    conflictsOmitted: 0,
    planned: [],
    plannedOmitted: 0,
    noise: [],
    links: null,
  };
  const reverting = { ...answers, 'runs.revert.v1': { runId: failedId }, 'runs.report.v1': report };

  test('names what stands in the way, record by record, and is no success', async () => {
    const control = await openFakeControl(reverting);
    const { code, out } = await control.run('revert', '51c3', '--reason', 'a mistake');

    expect(code).toBe(1);
    expect(control.calls).toContainEqual([
      'runs.revert.v1',
      { customerId: 'springfield', runId: heldId, reason: 'a mistake' },
    ]);
    expect(out).toContain(`user u1Ann�]0;x�� · fields /email, the whole record · changedBy ${heldId}`);
    expect(out).toContain('Take those back first.');
  });

  test('may only be started', async () => {
    const control = await openFakeControl(reverting);

    expect(await control.run('revert', '51c3', '--no-wait')).toMatchObject({ code: 0, out: `${failedId}\n` });
    expect((await control.run('revert', '51c3', '--no-wait', '--json')).out).toBe(
      `{"runId":"${failedId}"}\n`,
    );
  });
});

describe('flotilla runs', () => {
  test('of an integration pass over customers who have none of that name, but not one that is named', async () => {
    const control = await openFakeControl({
      ...answers,
      'customers.list.v1': {
        customers: ['shelbyville', 'springfield'].map((customerId) => ({
          customerId,
          name: customerId,
          timeZone: 'UTC',
        })),
        next: null,
      },
      'runs.list.v1': ({ customerId }) =>
        customerId === 'springfield' ? { runs, next: null } : new Error('not_found'),
    });

    for (const command of ['runs', 'held'])
      expect((await control.run(command, '--integration', 'sis')).out).toContain('springfield');
    const named = await control.run('runs', 'shelbyville', '--integration', 'sis');
    expect(named).toMatchObject({ code: 1, err: expect.stringContaining('Refused') });
  });

  test('lists those in a state, or since a day, of a customer by either way of naming one', async () => {
    const control = await openFakeControl(answers);
    const failed = await control.run('runs', '--state', 'failed');
    const since = await control.run('runs', '--customer', 'springfield', '--since', '2026-01-31', '--json');
    const many = [
      '--context',
      'nightly',
      '--method',
      'grades',
      '--state',
      'partial',
      '--until',
      '2026-01-31T09:00+02:00',
    ];
    const none = await control.run('runs', '--state', 'expired', ...many);
    const two = await control.run('runs', 'springfield', '--customer', 'shelbyville');
    const wrong = await control.run('runs', '--state', 'lost');

    expect(cellsOf(failed.out)[1]).toBe(
      '8f14e45f | springfield | The �Schools | sis | manual | rosters.sync.v1 | failed | 2026-01-30 06:00:00Z | 1.5 s | 6 | Ann�]0;x��',
    );
    expect((JSON.parse(since.out) as JsonObject[]).map(({ runId }) => runId)).toEqual([heldId]);
    expect(none.out).toBe('No such runs.\n');
    expect(control.calls.findLast(([method]) => method === 'runs.list.v1')?.[1]).toEqual({
      customerId: 'springfield',
      states: ['expired', 'partial'],
      context: 'nightly',
      method: 'grades',
      until: '2026-01-31T07:00:00.000Z',
      limit: 20,
    });
    expect(two.err).toContain('Two customers are named');
    expect(wrong.err).toContain('Allowed choices are queued, running');
  });
});
