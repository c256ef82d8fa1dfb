import fc from 'fast-check';
import type { MergeUnderTest } from './merge-under-test.fixture.ts';

/** One law: a sentence, and a property of any merge. */
export interface Law {
  readonly number: number;
  readonly sentence: string;
  readonly about: (subject: MergeUnderTest) => fc.IPropertyWithHooks<unknown>;
  /** The percentage of so many cases of which the law says anything at all. */
  readonly reach: (subject: MergeUnderTest, cases: number) => number;
}

/** What a check returns of a case that the law does not speak of: nothing was held, say, where it is about held records. */
export const saysNothing = Symbol('says nothing');

/** A law over generated cases; `check` throws where the case breaks it, and may return `saysNothing`. */
export function law<T>(
  number: number,
  sentence: string,
  cases: fc.Arbitrary<T>,
  check: (subject: MergeUnderTest, value: T) => unknown,
): Law {
  return {
    number,
    sentence,
    about: (subject) => {
      const property = fc.property(cases, (value) => {
        check(subject, value);
      });
      return property as fc.IPropertyWithHooks<unknown>;
    },
    reach: (subject, count) => {
      const sample = fc.sample(cases, { numRuns: count, seed: 1 });
      return (100 * sample.filter((value) => check(subject, value) !== saysNothing).length) / count;
    },
  };
}

/** Cheaper than an assertion library, of which the laws would ask a million times; what is shown is only made when it is needed. */
export function demand(isSo: boolean, claim: string, show: () => unknown = () => undefined): asserts isSo {
  if (!isSo) throw new Error(`${claim}: ${JSON.stringify(show(), undefined, 1)}`);
}

export function demandSame(actual: string, expected: string, claim: string): void {
  if (actual !== expected) throw new Error(`${claim}\n  expected ${expected}\n  but it is ${actual}`);
}
