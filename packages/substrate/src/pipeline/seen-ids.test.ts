import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSeenIds, digestsOf } from './seen-ids.ts';

describe('the set of seen ids', () => {
  test('answers as a Set of the ids would, whatever is added and however far it grows', () => {
    const ids = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.nat({ max: 5000 }).map(String)), {
      maxLength: 3000,
    });
    fc.assert(
      fc.property(ids, fc.array(fc.string()), (added, others) => {
        const seen = createSeenIds();
        const reference = new Set<string>();
        for (const id of added) {
          expect(seen.add(id)).toBe(!reference.has(id));
          reference.add(id);
        }
        expect(seen.size).toBe(reference.size);
        for (const id of [...added, ...others]) expect(seen.has(id)).toBe(reference.has(id));
      }),
      { numRuns: 30 },
    );
  });

  test('is rebuilt from the digests that pages keep', () => {
    const ids = Array.from({ length: 20_000 }, (_, n) => `id-${n}`);
    const rebuilt = createSeenIds();
    for (let at = 0; at < ids.length; at += 1000) rebuilt.addDigests(digestsOf(ids.slice(at, at + 1000)));

    expect(rebuilt.size).toBe(20_000);
    expect(ids.every((id) => rebuilt.has(id))).toBe(true);
    expect(rebuilt.has('id-20000')).toBe(false);
    expect(rebuilt.add('id-7')).toBe(false);
  });
});
