import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Side } from '../strategy.ts';
import { findMover, isSameOrder, orderElements } from './element-order.ts';

function order(
  base: string,
  ours: string,
  theirs: string,
  kept = `${base}${ours}${theirs}`,
  preferred: Side = 'ours',
): string {
  const isKept = (segment: string) => kept.includes(segment);
  const orders = { base: base.split(''), ours: ours.split(''), theirs: theirs.split('') };
  const leader = findMover(orders, isKept) ?? preferred;
  return orderElements(orders[leader], orders[leader === 'ours' ? 'theirs' : 'ours'], isKept).join('');
}

describe('the order of a merged list', () => {
  test.each([
    ['nobody moved anything', 'abc', 'abc', 'abc', 'abc'],
    ['only we moved something', 'abc', 'cab', 'abc', 'cab'],
    ['only they moved something', 'abc', 'abc', 'cab', 'cab'],
    ['both moved something: ours', 'abc', 'bac', 'acb', 'bac'],
    ['they added in the middle', 'abc', 'abc', 'axbc', 'axbc'],
    ['they added in front', 'abc', 'abc', 'xabc', 'xabc'],
    ['they added several, at several places', 'abc', 'abc', 'xaybzcw', 'xaybzcw'],
    ['both added at the end: by key', 'ab', 'aby', 'abx', 'abxy'],
    ['both added in front: by key', 'ab', 'yab', 'xab', 'xyab'],
    ['both added several: each side’s stay in order', 'a', 'aycz', 'axdw', 'axdwycz'],
    ['both added after one element', 'ab', 'axb', 'ayzb', 'axyzb'],
    ['we moved something, they added: it follows its neighbour', 'abc', 'cab', 'abxc', 'cabx'],
    ['they moved something, we added: it follows its neighbour', 'abc', 'abxc', 'cab', 'cabx'],
    ['without a base, ours leads', '', 'ba', 'abx', 'bxa'],
  ])('%s', (_name, base, ours, theirs, merged) => {
    expect(order(base, ours, theirs)).toBe(merged);
  });

  test('of elements that are gone only the others count: a move among them is no move', () => {
    // Ours swapped a and b, and a is gone; so of what is left only theirs moved something.
    expect(order('abc', 'bac', 'cb', 'bc')).toBe('cb');
  });

  test('a new element whose neighbour is gone follows the one before that', () => {
    expect(order('abc', 'abc', 'abxc', 'acx')).toBe('axc');
  });

  const lists = fc
    .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'))
    .map((segments) => segments.join(''));

  const sides = fc.constantFrom<Side>('ours', 'theirs');

  test('what one side did, the other having done nothing, comes out just so', () => {
    fc.assert(
      fc.property(lists, lists, (base, changed) => {
        expect(order(base, base, changed, changed)).toBe(changed);
        expect(order(base, changed, base, changed)).toBe(changed);
      }),
    );
  });

  test('with one side written, the same merge gives the same order', () => {
    fc.assert(
      fc.property(lists, lists, lists, lists, sides, (base, ours, theirs, some, preferred) => {
        const kept = `${ours}${theirs}`
          .split('')
          .filter((segment) => some.includes(segment))
          .join('');
        const merged = order(base, ours, theirs, kept, preferred);
        expect(order(base, merged, theirs, kept, preferred)).toBe(merged);
        expect(order(base, ours, merged, kept, preferred)).toBe(merged);
      }),
      { numRuns: 2_000 },
    );
  });

  test('the sides swapped, and who is preferred, the order is the same', () => {
    fc.assert(
      fc.property(lists, lists, lists, (base, ours, theirs) => {
        const swapped = order(base, theirs, ours, `${ours}${theirs}`, 'theirs');
        expect(order(base, ours, theirs, `${ours}${theirs}`, 'ours')).toBe(swapped);
      }),
      { numRuns: 2_000 },
    );
  });

  test('every kept element comes once, and nothing else', () => {
    fc.assert(
      fc.property(lists, lists, lists, lists, (base, ours, theirs, kept) => {
        const expected = [...new Set(`${ours}${theirs}`.split(''))].filter((segment) =>
          kept.includes(segment),
        );
        expect(order(base, ours, theirs, kept).split('').sort()).toEqual(expected.sort());
      }),
    );
  });

  test('is found in time that grows with the list', () => {
    const ours = Array.from({ length: 50_000 }, (_, index) => `o${index}`);
    const theirs = Array.from({ length: 50_000 }, (_, index) => `t${index}`);
    expect(orderElements(ours, theirs, () => true)).toEqual([...ours, ...theirs]);
  });
});

describe('two lists have one order', () => {
  test.each([
    ['abc', 'abc', true],
    ['abc', 'axbyc', true],
    ['abc', '', true],
    ['abc', 'cxa', false],
  ])('%j and %j: %s', (a, b, isSame) => {
    expect(isSameOrder(a.split(''), b.split(''))).toBe(isSame);
  });
});
