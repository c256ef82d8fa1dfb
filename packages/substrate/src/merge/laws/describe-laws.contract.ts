import fc from 'fast-check';
import { describe, test } from 'vitest';
import type { Law } from './law.fixture.ts';
import { theCore } from './merge-under-test.fixture.ts';

/**
 * The seed is fixed, so that a red test is red for everybody; `LAWS_SEED` and `LAWS_RUNS` hunt further. What fails is printed with its
 * seed, its path and the smallest case that shows it.
 */
const seed = Number(process.env.LAWS_SEED ?? 20_261_121);
const numRuns = Number(process.env.LAWS_RUNS ?? 10_000);

/** Declares a test a law, over ten thousand cases each. */
export function describeLaws(about: string, laws: readonly Law[]): void {
  describe(about, () => {
    for (const law of laws) {
      test(`law ${law.number}: ${law.sentence}`, { timeout: 300_000 }, () => {
        fc.assert(law.about(theCore), { numRuns, seed });
      });
    }
  });
}
