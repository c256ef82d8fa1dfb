import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Batch, createBatcher, largestChangeBytes } from './batch.ts';
import type { Change } from './change.ts';
import { sampleChange, sampleChanges } from './sample-changes.fixture.ts';

const limits = { maxCount: 3, maxBytes: 100_000, maxAgeMs: 1_000 };

function decode(batch: Batch | null): readonly Change[] {
  return batch === null ? [] : JSON.parse(Buffer.from(batch.data).toString('utf8')).changes;
}

function gather(changes: readonly Change[], batchLimits = limits): readonly Batch[] {
  const batcher = createBatcher(batchLimits);
  return [...changes.map((change) => batcher.add(change, 0)), batcher.flush()].filter(
    (batch) => batch !== null,
  );
}

describe('batch', () => {
  test('a batch is closed when it has its count', () => {
    const batches = gather(sampleChanges(7));

    expect(
      batches.map(({ firstSequence, lastSequence, count }) => [firstSequence, lastSequence, count]),
    ).toEqual([
      [1, 3, 3],
      [4, 6, 3],
      [7, 7, 1],
    ]);
  });

  test('nothing held is nothing to send', () => {
    expect(createBatcher(limits).flush()).toBeNull();
    expect(createBatcher(limits).isDue(1e12)).toBe(false);
  });

  test('what is held is due when its first change has waited long enough', () => {
    const batcher = createBatcher(limits);
    batcher.add(sampleChange(1), 5_000);
    batcher.add(sampleChange(2), 5_999);

    expect(batcher.isDue(5_999)).toBe(false);
    expect(batcher.isDue(6_000)).toBe(true);
    batcher.flush();
    expect(batcher.isDue(99_000)).toBe(false);
  });

  test('however the changes are, all come out once and in order, and no message is over its limits but one of a single change', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(
        fc.array(texts, { maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 300, max: 3_000 }),
        (names, maxCount, maxBytes) => {
          const changes = names.map((givenName, index) => sampleChange(index + 1, { after: { givenName } }));
          const batches = gather(changes, { maxCount, maxBytes, maxAgeMs: 1 });

          expect(batches.flatMap(decode)).toEqual(changes);
          for (const batch of batches) {
            expect(batch.count).toBeLessThanOrEqual(maxCount);
            expect(batch.data.byteLength <= maxBytes || batch.count === 1).toBe(true);
            expect(
              decode(batch)
                .map(({ sequence }) => sequence)
                .at(-1),
            ).toBe(batch.lastSequence);
          }
        },
      ),
    );
  });

  test('a change that no message can hold is refused by name, and what was held stays', () => {
    const batcher = createBatcher({ ...limits, maxBytes: 50_000_000 });
    batcher.add(sampleChange(1), 0);

    const huge = sampleChange(2, { after: { note: 'ü'.repeat(largestChangeBytes / 2) } });
    expect(() => batcher.add(huge, 0)).toThrow(
      expect.objectContaining({
        code: 'too_large',
        data: expect.objectContaining({ changeId: huge.changeId, recordId: 'user-2', sequence: 2 }),
      }),
    );

    expect(decode(batcher.flush()).map(({ sequence }) => sequence)).toEqual([1]);
  });
});
