import { describe, expect, test } from 'vitest';
import { changedPerBlock, generateBlock } from './generate-sections.ts';
import { type Contender, contenders, runContender } from './run-contender.ts';

/** Nothing here is timed: what is found, and what is read for it, is the same on a busy machine. */
const records = 8_000;
const triples = Array.from({ length: records / 1_000 }, (_, block) => generateBlock(7, block)).flat();
const changed = triples.filter(({ base, ours, theirs }) => base !== ours || base !== theirs);

describe('the sets that are merged for measurement', () => {
  test('ascend by id, are about 1.2 KB a record, and have 2 % changed on each side and 0.1 % in conflict', () => {
    const size = triples.reduce((sum, { base }) => sum + JSON.stringify(base ?? {}).length, 0) / records;

    expect(triples.every(({ id }, index) => index === 0 || (triples[index - 1]?.id ?? '') < id)).toBe(true);
    expect(size).toBeGreaterThan(1_150);
    expect(size).toBeLessThan(1_250);
    expect(triples.filter(({ base, ours }) => base !== ours)).toHaveLength(records * 0.02);
    expect(triples.filter(({ base, theirs }) => base !== theirs)).toHaveLength(records * 0.02);
    expect(triples.filter(({ conflict }) => conflict !== undefined)).toHaveLength(records * 0.001);
    expect(changed).toHaveLength((changedPerBlock * records) / 1_000);
  });

  test('are the same for the same seed, and others for another', () => {
    expect(generateBlock(7, 3)).toEqual(generateBlock(7, 3));
    expect(generateBlock(8, 3)).not.toEqual(generateBlock(7, 3));
  });
});

describe('each contender', () => {
  test.each(contenders)('finds every conflict that was put in, and no other: %s', (contender: Contender) => {
    expect(runContender(contender, records, 7)).toMatchObject({
      contender,
      records,
      conflicts: records * 0.001,
    });
  });
});

test('mergeSet reads the sides of the records that changed, each once, and answers for no others', () => {
  const sides = changed.flatMap(({ base, ours, theirs }) => [base, ours, theirs]);

  expect(runContender('mergeSet', records, 7)).toMatchObject({
    answered: changed.length,
    reads: sides.filter((side) => side !== undefined).length,
  });
});
