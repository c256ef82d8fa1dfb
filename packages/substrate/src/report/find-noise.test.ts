import { describe, expect, test } from 'vitest';
import { type FieldUpdates, findNoise } from './find-noise.ts';

function run(fields: Readonly<Record<string, number>>, overrides: Partial<FieldUpdates> = {}) {
  return [{ entityType: 'user', updated: 100, stored: 200, fields, ...overrides }];
}

describe('noise', () => {
  test('is what changed in nearly every updated record of three runs, one after the other', () => {
    const stamped = { '/metadata/exportedAt': 100, '/email': 3 };
    expect(findNoise([run(stamped), run({ ...stamped, '/metadata/exportedAt': 94 }), run(stamped)])).toEqual([
      { entityType: 'user', pointer: '/metadata/exportedAt', runs: 3, share: 0.98 },
    ]);
  });

  test('counts the runs back to the first in which it was otherwise', () => {
    const runs = [100, 100, 100, 100, 2, 100].map((count) => run({ '/seen': count }));
    expect(findNoise(runs)).toMatchObject([{ pointer: '/seen', runs: 4 }]);
  });

  test('is not concluded from two runs', () => {
    expect(findNoise([run({ '/seen': 100 }), run({ '/seen': 100 })])).toEqual([]);
  });

  test('is not what came to an end: the last run says so', () => {
    const stamped = run({ '/seen': 100 });
    expect(findNoise([run({ '/email': 4 }), stamped, stamped, stamped])).toEqual([]);
    expect(findNoise([run({}, { updated: 0 }), stamped, stamped, stamped])).toEqual([]);
  });

  test('is not news that comes in few records, though no other field changes: scores are such news', () => {
    const scores = run({ '/score': 100 }, { entityType: 'result', stored: 40_000 });
    expect(findNoise([scores, scores, scores])).toEqual([]);
  });

  test('is not seen in a handful of records', () => {
    const few = run({ '/seen': 9 }, { updated: 9, stored: 9 });
    expect(findNoise([few, few, few])).toEqual([]);
  });

  test('is looked for in each entity type, and runs that left one out say nothing about it', () => {
    const users = run({ '/seen': 100 });
    const classes = run({ '/touched': 100 }, { entityType: 'class' });
    expect(findNoise([[...users, ...classes], users, classes, users, classes])).toEqual([
      { entityType: 'user', pointer: '/seen', runs: 3, share: 1 },
      { entityType: 'class', pointer: '/touched', runs: 3, share: 1 },
    ]);
  });

  test('needs something to be counted', () => {
    expect(findNoise([])).toEqual([]);
  });
});
