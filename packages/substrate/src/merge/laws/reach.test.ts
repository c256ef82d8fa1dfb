import { describe, expect, test } from 'vitest';
import { allLaws } from './all-laws.contract.ts';
import { createChooser } from './chooser.fixture.ts';
import { type MergeCase, randomCase } from './merge-case.fixture.ts';
import { theCore } from './merge-under-test.fixture.ts';
import { traitsOf } from './traits.fixture.ts';

/** Laws over cases that never conflict would prove nothing; so the generator is counted, over as many cases as a law sees. */
const cases = 10_000;

/** What share of the cases, in percent, must be such at least. */
const leastShares = {
  'is held': 20,
  'has a modify/modify conflict': 6,
  'has a delete/modify conflict': 10,
  'has an add/add conflict': 3,
  'has a conflict below the first level': 2,
  'has a conflict within an element of a keyed list': 1,
  'has several conflicts': 3,
  'writes to ours': 40,
  'writes to theirs': 40,
  'writes to both': 25,
  'creates a record': 4,
  'deletes a record': 4,
  'takes a member away': 20,
  'moves only base': 1.5,
  'plans nothing at all': 3,
  'has no base': 8,
  'lacks a side': 8,
  'resolves a conflict by resolveOurs': 5,
  'resolves a conflict by resolveTheirs': 5,
  'takes a field from ours always': 12,
  'takes a field from theirs always': 12,
  'takes an absence always': 8,
  'is ruled by an override of the record': 5,
  'has a longer pointer that differs from a shorter one': 25,
  'changes a keyed list on both sides': 8,
  'changes a nested keyed list': 0.8,
  'has a composite key': 12,
  'reorders a keyed list': 1,
  'adds and removes elements': 5,
  'has a list that is merged as one field': 4,
  'has a duplicate key': 1,
  'has a missing key': 1,
  'merges a set': 5,
  'has a volatile field that differs': 8,
  'has null where another side has nothing': 7,
  'differs by the type of a scalar alone': 2.5,
  'changes a member with a hostile name': 45,
} as const;

/** Of how many cases, in percent, a law has something to say; of all where it is not named. */
const leastReach: Readonly<Record<number, number>> = {
  6: 40,
  8: 20,
  12: 70,
  16: 90,
  17: 60,
  18: 20,
  19: 20,
  20: 20,
  22: 25,
};

describe('the cases that the laws see', () => {
  const chooser = createChooser(20_261_121);
  const counts = new Map<string, number>();
  for (let count = 0; count < cases; count++) {
    const drawn: MergeCase = randomCase(createChooser(chooser.seed()));
    for (const trait of traitsOf(drawn)) counts.set(trait, (counts.get(trait) ?? 0) + 1);
  }
  const shareOf = (trait: string) => (100 * (counts.get(trait) ?? 0)) / cases;

  test.each(Object.entries(leastShares))('one that %s comes up in at least %d % of them', (trait, least) => {
    expect(shareOf(trait)).toBeGreaterThanOrEqual(least);
  });

  test('no trait is counted that nothing is asked of', () => {
    expect([...counts.keys()].filter((trait) => !(trait in leastShares))).toEqual([]);
  });

  test.each(allLaws.map(({ number, reach }) => ({ number, reach })))(
    'law $number has something to say of enough of them',
    ({ number, reach }) => {
      expect(reach(theCore, 1_000)).toBeGreaterThanOrEqual(leastReach[number] ?? 100);
    },
  );
});
