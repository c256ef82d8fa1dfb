import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allLaws } from './all-laws.contract.ts';
import type { Law } from './law.fixture.ts';
import type { MergeUnderTest } from './merge-under-test.fixture.ts';
import { mutants } from './mutants.fixture.ts';

/** A law that needs more cases than this to see a blunt mistake is too weak. */
const numRuns = 3_000;

function isCaught(law: Law, subject: MergeUnderTest): boolean {
  return fc.check(law.about(subject), { numRuns, seed: 20_261_121, endOnFailure: true }).failed;
}

describe('the test of the tests', () => {
  test.each(mutants)(
    'laws $caughtBy each catch it where $name',
    { timeout: 120_000 },
    ({ merge, caughtBy }) => {
      const caught = allLaws.filter((law) => caughtBy.includes(law.number) && isCaught(law, merge));

      expect(caught.map(({ number }) => number)).toEqual([...caughtBy].sort((a, b) => a - b));
    },
  );

  test('every law catches some mistake', () => {
    const idle = allLaws.filter(({ number }) => mutants.every(({ caughtBy }) => !caughtBy.includes(number)));

    expect(idle.map(({ number }) => number)).toEqual([]);
  });
});
