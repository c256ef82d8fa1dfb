import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../json/json-value.ts';
import { mergeRecord } from '../../merge/merge-record.ts';
import { compileSettings } from '../../merge/merge-rules.ts';
import {
  actions,
  directions,
  type Limit,
  maximumSchools,
  type SafetyLimits,
} from '../../settings/safety-limits.ts';
import type { EntityTypePlan, PlannedCounts } from '../../store/runs.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { paperGradebook } from '../paper-school.fixture.ts';
import type { EffectiveSides } from './effective-lines.ts';
import type { MergedRecord } from './merge-staged.ts';
import { canExceed, countPlan, emptyPlan, judgePlan } from './plan-counts.ts';

const users = paperGradebook.entities.find(({ entityType }) => entityType === 'user') as Entity;
const bothSides: EffectiveSides = { toOurs: true, toTheirs: true };
const rules = compileSettings({});

interface Sides {
  readonly base?: JsonObject;
  readonly ours?: JsonObject;
  readonly theirs?: JsonObject;
}

/** A merged record as planning sees it. */
function merged(sides: Sides, recordId = 'u1'): MergedRecord {
  return {
    recordId,
    theirs: { recordId, value: sides.theirs ?? null, hash: '' },
    stored: undefined,
    ours: sides.ours,
    conflicts: [],
    merge: mergeRecord(sides, rules.forRecord(recordId)),
  };
}

function counted(sides: Sides, effective = bothSides): EntityTypePlan {
  return countPlan(emptyPlan, users, [merged(sides)], effective);
}

const oak = { primaryOrgSourcedId: 'oak', givenName: 'Ada', email: 'a@oak' };
const elm = { ...oak, primaryOrgSourcedId: 'elm' };

describe('a plan', () => {
  test.each<[string, Sides, string, string]>([
    ['created by the vendor', { theirs: oak }, 'toOurs', 'create'],
    [
      'changed by the vendor',
      { base: oak, ours: oak, theirs: { ...oak, givenName: 'Eve' } },
      'toOurs',
      'update',
    ],
    ['deleted by the vendor', { base: oak, ours: oak }, 'toOurs', 'delete'],
    ['created by us', { ours: oak }, 'toTheirs', 'create'],
    ['changed by us', { base: oak, ours: { ...oak, email: 'b@oak' }, theirs: oak }, 'toTheirs', 'update'],
    ['deleted by us', { base: oak, theirs: oak }, 'toTheirs', 'delete'],
  ])('counts a record %s once, also within its school', (_name, sides, direction, action) => {
    const { counts, bySchool } = counted(sides);
    const expected = {
      toOurs: { create: 0, update: 0, delete: 0 },
      toTheirs: { create: 0, update: 0, delete: 0 },
      [direction]: { create: 0, update: 0, delete: 0, [action]: 1 },
    };
    expect(counts).toEqual(expected);
    expect(bySchool).toEqual({ oak: expected });
  });

  test('counts a record that both sides changed on both', () => {
    const { counts } = counted({
      base: oak,
      ours: { ...oak, email: 'b@oak' },
      theirs: { ...oak, givenName: 'Eve' },
    });
    expect([counts.toOurs.update, counts.toTheirs.update]).toEqual([1, 1]);
  });

  test('counts a record that moves at the school that it comes to', () => {
    expect(Object.keys(counted({ base: oak, ours: oak, theirs: elm }).bySchool)).toEqual(['elm']);
  });

  test('counts a conflict and nothing else of its record', () => {
    const { counts, conflicts } = counted({
      base: oak,
      ours: { ...oak, email: 'b@oak', givenName: 'Eve' },
      theirs: { ...oak, email: 'c@oak' },
    });
    expect(conflicts).toBe(1);
    expect(counts).toEqual(emptyPlan.counts);
  });

  test('leaves out what would not take effect: a side that is switched off, and members that the vendor does not take', () => {
    const vendors = { base: oak, ours: oak, theirs: elm };
    expect(counted(vendors, { toOurs: false, toTheirs: true }).counts).toEqual(emptyPlan.counts);
    const ours = { base: oak, ours: { ...oak, email: 'b@oak' }, theirs: oak };
    expect(counted(ours, { toOurs: true, toTheirs: false }).counts).toEqual(emptyPlan.counts);
    expect(users.write?.members).not.toContain('phone');
    expect(counted({ base: oak, ours: { ...oak, phone: '7' }, theirs: oak }).counts).toEqual(
      emptyPlan.counts,
    );
  });

  test('takes any school id for what it is', () => {
    for (const id of ['__proto__', 'constructor', '10', '']) {
      const { bySchool } = counted({ theirs: { ...oak, primaryOrgSourcedId: id } });
      expect(Object.entries(bySchool)).toMatchObject([[id, { toOurs: { create: 1 } }]]);
    }
  });

  test('counts so many schools apart and no more', () => {
    const many = Array.from({ length: maximumSchools + 2 }, (_, n) =>
      merged({ theirs: { ...oak, primaryOrgSourcedId: `s${n}` } }, `u${n}`),
    );
    const plan = countPlan(emptyPlan, users, many, bothSides);
    expect(Object.keys(plan.bySchool)).toHaveLength(maximumSchools);
    expect(plan.counts.toOurs.create).toBe(maximumSchools + 2);
  });
});

function deletions(count: number): PlannedCounts {
  return { ...emptyPlan.counts, toOurs: { create: 0, update: 0, delete: count } };
}

describe('a plan over a limit', () => {
  const limits: SafetyLimits = { toOurs: { delete: { percent: 10, floor: 5 } } };

  test.each([
    ['as many as the floor', 5, 20, false],
    ['one more than the floor', 6, 20, true],
    ['as many as the share', 10, 100, false],
    ['one more than the share', 11, 100, true],
  ])('is found with one record more than is allowed: %s', (_name, planned, stored, isOver) => {
    const plan = { ...emptyPlan, counts: deletions(planned) };
    const found = judgePlan(plan, 'user', limits, { stored, received: {} });
    expect(found).toEqual(
      isOver
        ? [{ direction: 'toOurs', action: 'delete', planned, stored, allowed: Math.max(5, stored / 10) }]
        : [],
    );
  });

  test('names every limit, and each school', () => {
    const plan: EntityTypePlan = {
      ...emptyPlan,
      counts: { ...deletions(60), toTheirs: { create: 0, update: 0, delete: 11 } },
      bySchool: { oak: deletions(60), elm: deletions(0) },
    };
    const found = judgePlan(plan, 'user', limits, { stored: 200, received: { oak: 20, elm: 120 } });
    expect(found.map(({ direction, action, school }) => [direction, action, school])).toEqual([
      ['toOurs', 'delete', undefined],
      ['toOurs', 'delete', 'oak'],
      ['toTheirs', 'delete', undefined],
    ]);
  });

  test('measures a school by what it had before: what came, without what is new, and with what is gone', () => {
    const counts = { ...emptyPlan.counts, toOurs: { create: 15, update: 0, delete: 30 } };
    const plan = { ...emptyPlan, counts, bySchool: { oak: counts } };
    const found = judgePlan(
      plan,
      'user',
      { toOurs: { delete: 'off' } },
      { stored: 2_000, received: { oak: 40 } },
    );
    // 25 of 40 stayed, 15 came, 30 went: 55 before, of which half is 27.
    expect(found).toEqual([
      { direction: 'toOurs', action: 'delete', school: 'oak', planned: 30, allowed: 27, stored: 55 },
    ]);
  });

  test('does not call a school gone of which nothing came', () => {
    const plan = { ...emptyPlan, counts: deletions(11), bySchool: { oak: deletions(11) } };
    const known = { stored: 2_000, received: { elm: 1_989 } };
    expect(judgePlan(plan, 'user', {}, known)).toMatchObject([{ school: 'oak', stored: 11, allowed: 10 }]);
    const beyond = Object.fromEntries(Array.from({ length: maximumSchools }, (_, n) => [`s${n}`, 1]));
    // Where there are more schools than are counted it may be there all the same.
    expect(judgePlan(plan, 'user', {}, { ...known, received: beyond })).toEqual([]);
  });
});

/** Any choice of limits. */
const limit = fc.oneof(
  fc.constant('off' as const),
  fc.record(
    { percent: fc.integer({ min: 0, max: 100 }), floor: fc.nat(30), count: fc.nat(30) },
    { requiredKeys: ['percent', 'floor'] },
  ) as fc.Arbitrary<Limit>,
);
const side = fc.record({ create: limit, update: limit, delete: limit }, { requiredKeys: [] });
const bothDirections = fc.record({ toOurs: side, toTheirs: side }, { requiredKeys: [] });
const anyLimits = fc.record(
  {
    toOurs: side,
    toTheirs: side,
    entityTypes: fc.record({ user: bothDirections }, { requiredKeys: [] }),
    perSchool: bothDirections,
  },
  { requiredKeys: [] },
) as fc.Arbitrary<SafetyLimits>;

describe('a plan that is not made, since so few records cannot be over a limit', () => {
  test('would not have been over one', () => {
    // What the merge makes of each staged record: on either side one action or none, in one of three schools or none.
    const staged = fc.record({
      toOurs: fc.constantFrom(undefined, ...actions),
      toTheirs: fc.constantFrom(undefined, ...actions),
      school: fc.constantFrom(undefined, 'oak', 'elm', 'ash'),
    });
    let skipped = 0;
    fc.assert(
      fc.property(
        anyLimits,
        fc.array(staged, { maxLength: 40 }),
        fc.boolean(),
        fc.nat(500),
        (limits, found, isFirst, stored) => {
          const records = isFirst
            ? found.map((one) => ({ ...one, toOurs: 'create' as const, toTheirs: undefined }))
            : found;
          if (canExceed(limits, 'user', { records: records.length, isFirst })) return;
          skipped++;
          const plan = planOf(records);
          const received = Object.fromEntries(['oak', 'elm'].map((school) => [school, stored]));
          expect(judgePlan(plan, 'user', limits, { stored: isFirst ? 0 : stored, received })).toEqual([]);
        },
      ),
      { numRuns: 2_000 },
    );
    expect(skipped).toBeGreaterThan(100);
  });
});

interface Staged {
  readonly toOurs: (typeof actions)[number] | undefined;
  readonly toTheirs: (typeof actions)[number] | undefined;
  readonly school: string | undefined;
}

function planOf(records: readonly Staged[]): EntityTypePlan {
  function countsOf(some: readonly Staged[]): PlannedCounts {
    const sides = directions.map((direction) => [
      direction,
      Object.fromEntries(
        actions.map((action) => [action, some.filter((one) => one[direction] === action).length]),
      ),
    ]);
    return Object.fromEntries(sides) as PlannedCounts;
  }
  const schools = [...new Set(records.flatMap(({ school }) => school ?? []))];
  const bySchool = schools.map((school) => [
    school,
    countsOf(records.filter((one) => one.school === school)),
  ]);
  return { ...emptyPlan, counts: countsOf(records), bySchool: Object.fromEntries(bySchool) };
}
