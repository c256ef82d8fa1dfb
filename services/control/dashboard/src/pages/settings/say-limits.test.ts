import { describe, expect, test } from 'vitest';
import { freedRuns, otherDefaults, type PassedLimit, sayPassed, sayTried } from './say-limits.ts';

describe('what limits would have made of the last runs', () => {
  const none = { actually: 0, stored: 0, tried: 0 };
  const clear = { stored: 0, tried: 0 };

  test.each([
    [0, none, clear, 'No run has come so far that these limits could be tried on.'],
    [1, none, clear, 'These limits would not have held the only run so far.'],
    [
      1,
      { ...none, stored: 1 },
      clear,
      'These limits would not have held the only run so far, the stored ones would.',
    ],
    [14, none, clear, 'Of the last 14 runs these limits would have held none.'],
    [
      14,
      { actually: 1, stored: 0, tried: 2 },
      { stored: 0, tried: 3 },
      'Of the last 14 runs these limits would have held 2, the stored ones none. 1 was held at the time. Of 3 it cannot be said.',
    ],
  ])('of %i is said in words: %j %j', (runs, held, unclear, words) => {
    expect(sayTried({ runs, held, unclear })).toBe(words);
  });

  test('is said of each limit with its numbers, those of the stored one where only that is passed', () => {
    const passed: PassedLimit = {
      runId: 'r1',
      at: '2026-11-12T02:00:00Z',
      entityType: 'enrollment',
      action: 'delete',
      direction: 'toOurs',
      count: 231,
      of: 4_010,
      limit: {
        stored: { percent: 5, floor: 50, allowed: 200 },
        tried: { percent: 1, floor: 0, count: 9, allowed: 9 },
      },
      held: { stored: true, tried: true },
      wasHeld: false,
    };
    const words = `231 of ${(4_010).toLocaleString()} enrollment deleted on our side (${(5.8).toLocaleString()} %);`;
    expect(sayPassed(passed)).toBe(`${words} 9 are allowed (1 %, always 0, never more than 9)`);
    expect(sayPassed({ ...passed, held: { stored: true, tried: false } })).toBe(
      `${words} 200 are allowed (5 %, always 50)`,
    );
    expect(sayPassed({ ...passed, of: 0 })).not.toContain('%)');
    // Let through is a run that none of the tried limits holds; runs that are only counted count too.
    const freed = { ...passed, held: { stored: true, tried: false } };
    const exceeded = [passed, freed, { ...freed, runId: 'r2' }];
    expect(freedRuns({ exceeded, held: { ...none, stored: 2, tried: 1 } })).toEqual({
      runs: [[{ ...freed, runId: 'r2' }]],
      count: 1,
    });
    expect(freedRuns({ exceeded: [], held: { ...none, stored: 2 } })).toEqual({ runs: [], count: 2 });
    expect(freedRuns({ exceeded: [passed], held: { ...none, tried: 1 } }).count).toBe(0);
  });
});

test('a default that is not that of most entity types is told with whose it is', () => {
  const types = ['user', 'enrollment', 'result', 'unheardOf'];
  expect(otherDefaults(types, 'toOurs', 'delete')).toEqual([
    { limit: '10 %, always 50', entityTypes: ['enrollment', 'result'] },
  ]);
  expect(otherDefaults(types, 'toTheirs', 'delete')).toEqual([]);
});
