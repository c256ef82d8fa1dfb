import type { JudgedRun } from '@flotilla/substrate/pipeline';
import { describe, expect, test } from 'vitest';
import { tryLimits } from './try-limits.ts';

const none = { create: 0, update: 0, delete: 0 };
const plan = {
  counts: { toOurs: { ...none, delete: 20 }, toTheirs: none },
  bySchool: { oak: { toOurs: { ...none, delete: 20 }, toTheirs: none } },
  conflicts: 0,
  exceeded: [],
};

function judged(runId: string, kept: Partial<JudgedRun['entityTypes'][number]>): JudgedRun {
  const at = '2026-11-12T02:00:00Z';
  return {
    run: { runId, requestedAt: at, state: 'succeeded', decision: null } as JudgedRun['run'],
    entityTypes: [
      {
        entityType: 'user',
        stage: 'done',
        window: { from: '1', to: '2' },
        counts: {} as JudgedRun['entityTypes'][number]['counts'],
        stored: 100,
        schools: {},
        plan,
        ...kept,
      },
    ],
  };
}

describe('limits that are tried on runs', () => {
  test('leave open what was not counted, unless another limit holds the run anyway', () => {
    const off = { delete: 'off' } as const;
    const all = { delete: { percent: 10, floor: 0 } };
    const runs = [judged('r2', {}), judged('r1', { plan: { ...plan, schoolSizes: { oak: 30 } } })];

    const answer = tryLimits(runs, { stored: { toOurs: all }, tried: { toOurs: off } });

    expect(answer).toMatchObject({
      runs: 2,
      held: { actually: 0, stored: 2, tried: 0 },
      unclear: { stored: 0, tried: 1 },
      unknown: [{ runId: 'r2', reason: 'schoolSizes', unclear: { stored: true, tried: true } }],
    });
    expect(answer.passed.map(({ runId, held, limit }) => [runId, held, limit.tried])).toEqual([
      ['r2', { stored: true, tried: false }, null],
      ['r1', { stored: true, tried: false }, null],
    ]);
    const perSchool = { toOurs: { delete: { percent: 10, floor: 0 } } };
    const within = tryLimits(runs.slice(1), { stored: {}, tried: { toOurs: all, perSchool } });
    expect(within.passed.map(({ school, of, limit }) => [school, of, limit.tried?.allowed])).toEqual([
      [undefined, 100, 10],
      ['oak', 50, 5],
    ]);
  });
});
