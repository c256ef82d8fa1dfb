import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FetchedEvidence } from '../../store/list-progress.ts';
import { countBroken, doubtedTargets, judgeReferences } from './judge-references.ts';
import type { BrokenReference } from './open-references.ts';

const whole = { records: 2, endMarker: 'short-page', unidentified: 0 } as const;

function evidence(distinct: number, broken: number, others: Partial<FetchedEvidence> = {}): FetchedEvidence {
  return { ...whole, distinct, broken: { records: { user: broken }, vanished: {} }, ...others };
}

describe('a set of which records point to what is not there', () => {
  test.each([
    ['25 of 25', 25, 25, false],
    ['26 of 26', 26, 26, true],
    ['26 of 129', 129, 26, true],
    ['26 of 130, which is a fifth', 130, 26, false],
    ['2,000 of 10,000, which is a fifth', 10_000, 2_000, false],
    ['2,001 of 10,000', 10_000, 2_001, true],
  ])('of %s', (_name, distinct, broken, isTooMany) => {
    const failure = judgeReferences('enrollment', evidence(distinct, broken));
    expect(failure?.data).toEqual(
      isTooMany
        ? { entityType: 'enrollment', records: distinct, broken, refersTo: { user: broken } }
        : undefined,
    );
  });

  test('is judged as one, whatever they point to', () => {
    const broken = { records: { user: 20, class: 20 }, vanished: {} };
    expect(judgeReferences('enrollment', { ...whole, distinct: 100, broken })?.data).toMatchObject({
      broken: 40,
    });
  });

  test('is judged before its last page where the vendor says how large it is, and only then', () => {
    const { endMarker: _end, ...underWay } = evidence(50, 40);
    expect(judgeReferences('enrollment', underWay)).toBeUndefined();
    expect(judgeReferences('enrollment', { ...underWay, total: 1_000 })).toBeUndefined();
    expect(judgeReferences('enrollment', { ...underWay, total: 150 })?.code).toBe('verification_failed');
  });

  test('is never refused before its last page if it would be good after it, whatever may still come', () => {
    const page = fc.record({ records: fc.nat(60), share: fc.double({ min: 0, max: 1, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(page, { minLength: 1, maxLength: 20 }), (pages) => {
        const total = pages.reduce((sum, { records }) => sum + records, 0);
        let [distinct, broken, isRefused] = [0, 0, false];
        pages.forEach(({ records, share }, index) => {
          distinct += records;
          broken += Math.floor(records * share);
          const { endMarker, ...underWay } = evidence(distinct, broken, { total });
          const isLast = index === pages.length - 1;
          const failure = judgeReferences(
            'enrollment',
            isLast && endMarker ? { ...underWay, endMarker } : underWay,
          );
          isRefused ||= failure !== undefined;
          if (isLast) expect(isRefused).toBe(failure !== undefined);
        });
      }),
    );
  });
});

describe('the sets that such records point to', () => {
  const vanished = { records: { user: 30, class: 30 }, vanished: { user: 30, class: 5 } };

  test('are in doubt where enough of it was there until now', () => {
    expect(doubtedTargets('enrollment', { ...whole, distinct: 100, broken: vanished })).toEqual(['user']);
  });

  test('are not while the set itself is good', () => {
    expect(doubtedTargets('enrollment', { ...whole, distinct: 1_000, broken: vanished })).toEqual([]);
  });
});

describe('the counts of broken references', () => {
  const one: BrokenReference = {
    entityType: 'user',
    id: 'u1',
    pointer: '',
    target: 'missing',
    isVanished: false,
  };

  test('add up over pages, by entity type, and stay away while there are none', () => {
    expect(countBroken(undefined, [])).toBeUndefined();
    const first = countBroken(undefined, [one, { ...one, isVanished: true }]);
    expect(countBroken(first, [])).toBe(first);
    expect(countBroken(first, [one, { ...one, entityType: 'class' }])).toEqual({
      records: { user: 3, class: 1 },
      vanished: { user: 1 },
    });
  });
});
