import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entityTypeNames } from '../model/entity-types.ts';
import { type Limit, limitFor, mostAllowed, SafetyLimits, schoolLimitFor } from './safety-limits.ts';

describe('the most that a limit lets through', () => {
  test.each<[string, Limit, number, number]>([
    ['is the share of what is stored', { percent: 10, floor: 5 }, 1_000, 100],
    ['is the floor where the share is smaller', { percent: 10, floor: 5 }, 40, 5],
    ['is the share as soon as it is larger than the floor', { percent: 10, floor: 5 }, 60, 6],
    ['is a whole number of records, rounded down', { percent: 10, floor: 0 }, 59, 5],
    ['is the floor where nothing is stored', { percent: 100, floor: 5 }, 0, 5],
    [
      'is never more than the count, however large the share',
      { percent: 10, floor: 5, count: 50 },
      1_000,
      50,
    ],
    [
      'is never more than the count, though the floor is higher',
      { percent: 10, floor: 5, count: 3 },
      1_000,
      3,
    ],
    ['is nothing where the count is 0', { percent: 100, floor: 5, count: 0 }, 1_000, 0],
    ['is nothing where percent and floor are 0', { percent: 0, floor: 0 }, 1_000, 0],
    ['is everything that is stored at 100 percent', { percent: 100, floor: 0 }, 7, 7],
    ['may be a fraction of a percent', { percent: 0.5, floor: 0 }, 1_000, 5],
  ])('%s', (_name, limit, stored, allowed) => {
    expect(mostAllowed(limit, stored)).toBe(allowed);
  });

  test('never falls as more is stored', () => {
    const limit = fc.record(
      { percent: fc.double({ min: 0, max: 100, noNaN: true }), floor: fc.nat(500), count: fc.nat(5_000) },
      { requiredKeys: ['percent', 'floor'] },
    );
    fc.assert(
      fc.property(limit, fc.nat(1_000_000), fc.nat(1_000_000), (one, a, b) => {
        expect(mostAllowed(one as Limit, Math.min(a, b))).toBeLessThanOrEqual(
          mostAllowed(one as Limit, Math.max(a, b)),
        );
      }),
    );
  });
});

describe('the limit of an entity type', () => {
  const limits = SafetyLimits.parse({
    toOurs: { delete: { percent: 1, floor: 2 }, create: { percent: 3, floor: 4 } },
    entityTypes: {
      user: { toOurs: { delete: { percent: 5, floor: 6 }, create: 'off' }, toTheirs: { update: 'off' } },
    },
  });

  test('is its own choice, else that for all, else the fleet’s', () => {
    expect(limitFor(limits, 'user', 'toOurs', 'delete')).toEqual({ percent: 5, floor: 6 });
    expect(limitFor(limits, 'org', 'toOurs', 'delete')).toEqual({ percent: 1, floor: 2 });
    expect(limitFor(limits, 'user', 'toTheirs', 'delete')).toEqual({ percent: 5, floor: 10 });
  });

  test('can be switched off for one entity type and not for the others', () => {
    expect(limitFor(limits, 'user', 'toOurs', 'create')).toBeUndefined();
    expect(limitFor(limits, 'org', 'toOurs', 'create')).toEqual({ percent: 3, floor: 4 });
    expect(limitFor(limits, 'user', 'toTheirs', 'update')).toBeUndefined();
  });

  test('is by itself none for creating on our side alone', () => {
    for (const entityType of entityTypeNames) {
      expect(limitFor({}, entityType, 'toOurs', 'create')).toBeUndefined();
      for (const action of ['update', 'delete'] as const)
        expect(limitFor({}, entityType, 'toOurs', action)).toBeDefined();
      for (const action of ['create', 'update', 'delete'] as const)
        expect(limitFor({}, entityType, 'toTheirs', action)).toBeDefined();
    }
  });

  test('within a school is chosen apart, and never by the entity type', () => {
    const chosen = SafetyLimits.parse({
      perSchool: { toOurs: { delete: 'off', create: { percent: 7, floor: 8 } } },
    });
    expect(schoolLimitFor(chosen, 'toOurs', 'delete')).toBeUndefined();
    expect(schoolLimitFor(chosen, 'toOurs', 'create')).toEqual({ percent: 7, floor: 8 });
    expect(schoolLimitFor(limits, 'toOurs', 'delete')).toEqual({ percent: 50, floor: 10 });
    expect(schoolLimitFor(limits, 'toOurs', 'update')).toBeUndefined();
  });
});

/** What a night may bring, and whether somebody must look at it, where nothing is chosen. */
describe('the fleet’s limits', () => {
  test.each([
    // A day's work.
    ['a family moves away from a school of 30', 'user', 'delete', 3, 30, false],
    ['a class of 30 is dissolved in a small school', 'enrollment', 'delete', 30, 240, false],
    ['every tenth student is given another homeroom', 'user', 'update', 2_000, 20_000, false],
    ['a pilot school becomes the whole district', 'user', 'create', 19_000, 1_000, false],
    ['a first sync', 'user', 'create', 20_000, 0, false],
    // The turn of a school year.
    ['the classes of the year are over', 'class', 'delete', 2_800, 3_000, true],
    ['their enrollments are over', 'enrollment', 'delete', 110_000, 120_000, true],
    ['everybody moves up a grade', 'user', 'update', 18_000, 20_000, true],
    ['the seniors leave a school of 100', 'user', 'delete', 25, 100, true],
    // What goes wrong at vendors.
    ['half of a school of 30 is missing', 'user', 'delete', 15, 30, true],
    ['everybody is given a new id', 'user', 'delete', 20_000, 20_000, true],
    ['a filter hides one school of eight', 'user', 'delete', 2_500, 20_000, true],
  ] as const)('of %s: %s %s, %d of %d', (_name, entityType, action, planned, stored, isHeld) => {
    const limit = limitFor({}, entityType, 'toOurs', action);
    expect(limit !== undefined && planned > mostAllowed(limit, stored)).toBe(isHeld);
  });

  test('within a school stop the disappearance of a small one that the district would not notice', () => {
    const limit = schoolLimitFor({}, 'toOurs', 'delete') as Limit;
    expect(mostAllowed(limit, 18)).toBeLessThan(18);
    expect(mostAllowed(limit, 2_000)).toBe(1_000);
  });
});
