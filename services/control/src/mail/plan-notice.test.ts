import type { ReportedTrouble, Run } from '@flotilla/substrate/store';
import { describe, expect, test } from 'vitest';
import type { Trouble } from './judge-run.ts';
import { type JudgedRun, overtakes, planNotice } from './plan-notice.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1, 3);

function run(n: number, overrides: Partial<Run> = {}): Run {
  const at = new Date(start + n * day).toISOString();
  return {
    customerId: 'springfield',
    runId: `run-${n}`,
    integrationId: 'rosters',
    vendor: 'paper',
    context: 'nightly',
    method: 'nightly.run.v1',
    requestedBy: null,
    reason: null,
    entityTypes: [],
    recordIds: [],
    isDryRun: false,
    reverts: null,
    night: null,
    state: 'failed',
    slice: 0,
    openSince: null,
    leaseToken: null,
    dueAt: null,
    requestedAt: at,
    startedAt: at,
    finishedAt: at,
    firstSequence: null,
    lastSequence: null,
    failure: null,
    feedCursor: null,
    feedFrom: null,
    queue: null,
    isFull: false,
    heldSince: null,
    decision: null,
    noticeDueAt: at,
    ...overrides,
  };
}

function trouble(digest: string | null = 'expired', newConflicts = 0): Trouble {
  return { digest, entityTypes: [], newConflicts };
}

function judged(one: Run, what: Trouble | undefined = trouble(), isOvertaken = false): JudgedRun {
  return { run: one, trouble: what, isOvertaken };
}

/** A run with which nothing is the matter. */
function fine(one: Run): JudgedRun {
  return { run: one, trouble: undefined, isOvertaken: false };
}

/** What is told night by night. */
function tell(nights: readonly (readonly JudgedRun[])[]): readonly (readonly string[])[] {
  let reported: ReadonlyMap<string, ReportedTrouble> = new Map();
  return nights.map((runs, night) => {
    const plan = planNotice(runs, reported, start + night * day + 600_000);
    reported = plan.troubles;
    return plan.items.map(({ kind, runId, times }) => `${kind} ${runId} ${times}`);
  });
}

const well = { state: 'succeeded' } as const;

describe('what is told', () => {
  test('is trouble once, each night shortly while it lasts, and its end', () => {
    const nights = [
      [judged(run(0))],
      [judged(run(1))],
      [judged(run(2))],
      [fine(run(3, well))],
      [fine(run(4, well))],
    ];
    expect(tell(nights)).toEqual([
      ['trouble run-0 1'],
      ['again run-1 2'],
      ['again run-2 3'],
      ['recovered run-3 3'],
      [],
    ]);
  });

  test('is other trouble as new, and since when it has not been well stays', () => {
    const first = planNotice([judged(run(0))], new Map(), start);
    const second = planNotice([judged(run(1), trouble('down'))], first.troubles, start + day);
    expect(second.items).toMatchObject([{ kind: 'trouble', times: 1, since: run(0).finishedAt }]);
  });

  test('is the same trouble of many runs of one day only once', () => {
    const hourly = [0, 1, 2].map((n) =>
      judged(run(0, { runId: `hour-${n}`, finishedAt: new Date(start + n * 3_600_000).toISOString() })),
    );
    expect(tell([hourly, [judged(run(1))]])).toEqual([['trouble hour-0 1'], ['again run-1 2']]);
  });

  test('is every new conflict, also in trouble that was told an hour ago, and never that conflicts have ended', () => {
    const conflicts = judged(run(0, well), trouble(null, 2));
    expect(tell([[conflicts], [fine(run(1, well))]])).toEqual([['trouble run-0 1'], []]);
    const worse = judged(run(0, { runId: 'worse' }), trouble('expired', 1));
    expect(tell([[judged(run(0)), worse]])).toEqual([['trouble run-0 1', 'trouble worse 1']]);
  });

  test('is that all is well again with the conflicts that the same run found', () => {
    expect(tell([[judged(run(0))], [judged(run(1, well), trouble(null, 1))]])).toEqual([
      ['trouble run-0 1'],
      ['recovered run-1 1'],
    ]);
  });

  test('is nothing of a run that a later one has overtaken, but for the conflicts that it found', () => {
    expect(tell([[judged(run(0), trouble(), true), fine(run(0, { runId: 'later', ...well }))]])).toEqual([
      [],
    ]);
    expect(tell([[judged(run(0), trouble('expired', 1), true)]])).toEqual([['trouble run-0 1']]);
  });

  test.each([
    ['of other entity types', { entityTypes: ['class'] }],
    ['of some records only', { recordIds: ['u1'], entityTypes: ['user'] }],
    ['that takes another back', { reverts: 'run-0' }],
  ])('is not that all is well again after a run %s', (_name, overrides) => {
    const nights = [
      [judged(run(0), { ...trouble(), entityTypes: ['user'] })],
      [fine(run(1, { ...well, ...overrides }))],
      [fine(run(2, { ...well, entityTypes: ['user', 'class'] }))],
    ];
    expect(tell(nights)).toEqual([['trouble run-0 1'], [], ['recovered run-2 1']]);
  });

  test('is of each integration by itself', () => {
    const other = { integrationId: 'grades', runId: 'other' };
    expect(tell([[judged(run(0)), judged(run(0, other))], [fine(run(1, well))]])).toEqual([
      ['trouble run-0 1', 'trouble other 1'],
      ['recovered run-1 1'],
    ]);
  });
});

describe('a later run overtakes', () => {
  test.each([
    ['one of the same', run(1, well), run(0), true],
    ['not itself', run(0), run(0), false],
    ['no later one', run(0, well), run(1), false],
    ['nothing while it is under way', run(1, { state: 'running', finishedAt: null }), run(0), false],
    ['when it is held', run(1, { state: 'held', finishedAt: null }), run(0), true],
    ['nothing when it was rejected', run(1, { state: 'rejected' }), run(0), false],
    ['nothing by a dry run', run(1, { ...well, isDryRun: true }), run(0), false],
    ['nothing by single records', run(1, { ...well, recordIds: ['u1'] }), run(0), false],
    ['no run that takes another back', run(1, well), run(0, { reverts: 'x' }), false],
    ['no wider one', run(1, { ...well, entityTypes: ['user'] }), run(0), false],
    ['a narrower one', run(1, well), run(0, { entityTypes: ['user'] }), true],
  ])('%s', (_name, later, earlier, expected) => {
    expect(overtakes(later, earlier)).toBe(expected);
  });
});
