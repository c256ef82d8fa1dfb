import { describe, expect, test } from 'vitest';
import { collectPage } from './collect-page.ts';

/** Numbers from 1 to `last`, as a store reads them: after one, at most so many. */
function numbersTo(last: number) {
  const reads: number[] = [];
  async function read(after: number | undefined, limit: number) {
    reads.push(limit);
    const from = (after ?? 0) + 1;
    return Array.from({ length: Math.max(0, Math.min(limit, last - from + 1)) }, (_, index) => from + index);
  }
  return { read, reads };
}

async function pageThrough(last: number, limit: number, isWanted: (number: number) => boolean) {
  const { read } = numbersTo(last);
  const pages: (readonly number[])[] = [];
  let after: number | undefined;
  do {
    const { rows, next } = await collectPage(read, isWanted, { after, limit });
    pages.push(rows);
    after = next ?? undefined;
  } while (after !== undefined);
  return pages;
}

describe('a page of wanted rows', () => {
  test.each([1, 2, 7, 99, 100, 101, 1_000])(
    'of %i rows is one of pages that show each wanted row once, in order',
    async (limit) => {
      const pages = await pageThrough(2_345, limit, (number) => number % 7 === 0);
      expect(pages.flat()).toEqual(Array.from({ length: 335 }, (_, index) => (index + 1) * 7));
      expect(pages.every((page) => page.length <= limit)).toBe(true);
    },
  );

  test('has no next one where nothing is left to look at', async () => {
    const { read } = numbersTo(3);
    expect(await collectPage(read, () => true, { after: undefined, limit: 5 })).toEqual({
      rows: [1, 2, 3],
      next: null,
    });
    expect(await collectPage(read, () => true, { after: 3, limit: 5 })).toEqual({ rows: [], next: null });
  });

  test('may be empty and have a next one: a call looks at 5,000 rows and no more', async () => {
    const { read, reads } = numbersTo(1_000_000);
    const { rows, next } = await collectPage(read, (number) => number > 6_000, {
      after: undefined,
      limit: 10,
    });
    expect(rows).toEqual([]);
    expect(next).toBe(5_000);
    expect(reads.reduce((sum, limit) => sum + limit)).toBe(5_000);
    expect(await collectPage(read, (number) => number > 6_000, { after: 5_000, limit: 2 })).toEqual({
      rows: [6_001, 6_002],
      next: 6_002,
    });
    const effort = { most: 200, atOnce: 20 };
    expect(await collectPage(read, () => false, { after: undefined, limit: 10, effort })).toMatchObject({
      next: 200,
    });
  });
});
