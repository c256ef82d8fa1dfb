import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSeenIds, digestsOf } from './seen-ids.ts';

describe('the set of seen ids', () => {
  test('answers as a Set of the ids would, whatever is added and however far it grows', () => {
    const id = fc.oneof(fc.string({ unit: 'binary' }), fc.nat({ max: 5000 }).map(String));
    const pages = fc.array(fc.array(id, { maxLength: 300 }), { maxLength: 12 });
    fc.assert(
      fc.property(pages, fc.array(fc.string()), (added, others) => {
        const seen = createSeenIds();
        const reference = new Set<string>();
        for (const page of added) {
          expect(seen.holds(digestsOf(page))).toEqual(page.map((each) => reference.has(each)));
          seen.add(digestsOf(page));
          for (const each of page) reference.add(each);
          expect(seen.size).toBe(reference.size);
        }
        const all = [...added.flat(), ...others];
        expect(seen.holds(digestsOf(all))).toEqual(all.map((each) => reference.has(each)));
      }),
      { numRuns: 30 },
    );
  });

  test('is rebuilt from the digests that pages keep, wherever in a buffer they stand', () => {
    const ids = Array.from({ length: 20_000 }, (_, n) => `id-${n}`);
    const rebuilt = createSeenIds();
    for (let from = 0; from < ids.length; from += 1000) {
      const digests = digestsOf(ids.slice(from, from + 1000));
      rebuilt.add(Buffer.concat([Buffer.from('odd'), digests]).subarray(3));
    }

    expect(rebuilt.size).toBe(20_000);
    expect(rebuilt.holds(digestsOf(ids)).every(Boolean)).toBe(true);
    expect(rebuilt.holds(digestsOf(['id-20000', 'id-7']))).toEqual([false, true]);
  });
});
