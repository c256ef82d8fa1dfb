import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestJson } from '../json/digest.ts';
import type { JsonObject } from '../json/json-value.ts';
import { type HashedRecord, planOneWay } from './plan-one-way.ts';

function record(value: JsonObject): HashedRecord {
  return { value, hash: digestJson(value) };
}

const value = fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<JsonObject>;
const maybe = fc.option(value.map(record), { nil: undefined });

describe('the one-way plan', () => {
  const ada = record({ name: 'Ada' });
  const grace = record({ name: 'Grace' });
  const cases = [
    { name: 'neither side has it', ours: undefined, theirs: undefined, plan: { action: 'none' } },
    { name: 'only theirs', ours: undefined, theirs: ada, plan: { action: 'create', after: ada } },
    { name: 'only ours', ours: ada, theirs: undefined, plan: { action: 'delete', before: ada.value } },
    { name: 'both, equal', ours: ada, theirs: record({ name: 'Ada' }), plan: { action: 'none' } },
    {
      name: 'both, different',
      ours: ada,
      theirs: grace,
      plan: { action: 'update', before: ada.value, after: grace },
    },
  ];

  test.each(cases)('$name: $plan.action', ({ ours, theirs, plan }) => {
    expect(planOneWay(ours, theirs)).toEqual(plan);
  });

  test('carried out, it leaves ours equal to theirs, and a second time there is nothing to do', () => {
    fc.assert(
      fc.property(maybe, maybe, (ours, theirs) => {
        const plan = planOneWay(ours, theirs);
        const after = plan.action === 'none' ? ours : plan.action === 'delete' ? undefined : plan.after;

        expect(after?.hash).toBe(theirs?.hash);
        expect(planOneWay(after, theirs)).toEqual({ action: 'none' });
      }),
    );
  });

  test('the before-image is ours as it was', () => {
    fc.assert(
      fc.property(maybe, maybe, (ours, theirs) => {
        const plan = planOneWay(ours, theirs);
        if ('before' in plan) expect(plan.before).toBe(ours?.value);
      }),
    );
  });
});
