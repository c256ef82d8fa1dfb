import { describe, expect, test } from 'vitest';
import { noCounts, type RunCounts } from '../../report/run-counts.ts';
import type { SafetyLimits } from '../../settings/safety-limits.ts';
import type { EntityTypePlan, PlannedCounts } from '../../store/runs.ts';
import { type JudgedCounts, judgeAgain, wasJudged } from './judge-again.ts';
import { emptyPlan } from './plan-counts.ts';

const window = { from: '1', to: '2' };

function planned(toOurs: Partial<PlannedCounts['toOurs']>): PlannedCounts {
  return { ...emptyPlan.counts, toOurs: { ...emptyPlan.counts.toOurs, ...toOurs } };
}

function kept(changes: Partial<JudgedCounts>, counts: Partial<RunCounts> = {}): JudgedCounts {
  return {
    entityType: 'user',
    stage: 'done',
    window: null,
    counts: { ...noCounts, ...counts },
    stored: 100,
    plan: emptyPlan,
    schools: {},
    ...changes,
  };
}

const deletes = (percent: number, floor = 0): SafetyLimits => ({
  toOurs: { delete: { percent, floor } },
  perSchool: { toOurs: { delete: 'off' }, toTheirs: { delete: 'off' } },
});
const schoolDeletes = (percent: number, floor = 0): SafetyLimits => ({
  toOurs: { delete: 'off' },
  perSchool: { toOurs: { delete: { percent, floor } } },
});

describe('a run that is judged once more', () => {
  const lostFive: EntityTypePlan = {
    ...emptyPlan,
    counts: planned({ delete: 5 }),
    bySchool: { oak: planned({ delete: 5 }) },
  };

  test('is over a limit that its plan passes by the size that the set had then, whatever held it', () => {
    const five = { direction: 'toOurs', action: 'delete', planned: 5, stored: 100 };
    const run = kept({ plan: lostFive, schools: { oak: 45 } });

    expect(judgeAgain(run, deletes(4))).toEqual({ exceeded: [{ ...five, allowed: 4 }], unknown: null });
    expect(judgeAgain(run, deletes(5))).toEqual({ exceeded: [], unknown: null });
    expect(judgeAgain(run, schoolDeletes(8))).toEqual({
      exceeded: [{ ...five, school: 'oak', allowed: 4, stored: 50 }],
      unknown: null,
    });
  });

  test('of changes alone is judged within schools by their sizes, where those were counted', () => {
    const schools = { oak: 1 };
    const sized = { ...lostFive, schoolSizes: { oak: 45 } };
    expect(judgeAgain(kept({ plan: sized, window, schools }), schoolDeletes(8)).exceeded).toMatchObject([
      { school: 'oak', stored: 50 },
    ]);

    const unsized = kept({ plan: lostFive, window, schools });
    expect(judgeAgain(unsized, schoolDeletes(8))).toEqual({ exceeded: [], unknown: 'schoolSizes' });
    expect(judgeAgain(unsized, schoolDeletes(8, 5))).toEqual({ exceeded: [], unknown: null });
    expect(judgeAgain(unsized, deletes(1))).toMatchObject({ exceeded: [{ planned: 5 }], unknown: null });
  });

  test('that counted nothing is known to be under a limit only where no more was done than that lets through', () => {
    const run = kept({ plan: null }, { deleted: 2, pushFailed: 1 });
    expect(judgeAgain(run, deletes(0, 3))).toEqual({ exceeded: [], unknown: null });
    expect(judgeAgain(run, deletes(0, 2))).toEqual({ exceeded: [], unknown: 'uncounted' });
    expect(judgeAgain(kept({ plan: null, stage: 'applying' }), deletes(0, 3)).unknown).toBe('uncounted');
  });

  test('for the first time has created what it planned, in all schools', () => {
    const first = kept({ plan: null, stored: 0, schools: { oak: 7, elm: 2 } }, { created: 9 });
    const create = { percent: 0, floor: 5 };
    expect(judgeAgain(first, { toOurs: { create }, perSchool: { toOurs: { create } } })).toMatchObject({
      exceeded: [{ planned: 9 }, { school: 'oak', planned: 7, stored: 0 }],
      unknown: null,
    });
    // The vendor's side is not pulled.
    const nothing = kept({ plan: null, stored: 0, schools: { oak: 7 } });
    expect(judgeAgain(nothing, { perSchool: { toOurs: { create } } }).exceeded).toEqual([]);
  });

  test('is asked of what came so far only', () => {
    const failed = kept({ plan: lostFive, stage: 'failed' });
    expect(judgeAgain(failed, deletes(0))).toEqual({ exceeded: [], unknown: null });
    expect(wasJudged('failed', [{ stage: 'planned' }, { stage: 'fetching' }])).toBe(false);
    expect(wasJudged('failed', [{ stage: 'done' }, { stage: 'applying' }])).toBe(true);
    expect(['running', 'held', 'unchanged'].map((state) => wasJudged(state, []))).toEqual([
      false,
      true,
      true,
    ]);
  });
});
