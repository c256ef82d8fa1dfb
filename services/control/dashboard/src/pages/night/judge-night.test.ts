import { describe, expect, test } from 'vitest';
import { judgeNight } from './judge-night.ts';

const judge = (runs: object, leftOut: object = {}, state: 'queued' | 'started' = 'started') =>
  judgeNight({ state, tally: { runs, leftOut } });

describe('a night', () => {
  test('in which all ended well is good, and says how many that were', () => {
    expect(judge({ succeeded: 2, unchanged: 1 })).toEqual({
      tone: 'good',
      sentence: 'All is well: 3 runs ended well.',
    });
  });

  test('with a failed run is bad, and counts what to look at, worst first', () => {
    expect(judge({ succeeded: 5, held: 2, failed: 1 }, { paused: 1 })).toEqual({
      tone: 'bad',
      sentence: 'Of 8 runs, somebody should look at these: 1 failed, 2 held. 1 start was left out.',
    });
  });

  test('that goes on is not called good yet', () => {
    expect(judge({ succeeded: 1, running: 1 })).toEqual({
      tone: 'calm',
      sentence: 'Of 2 runs, all is well so far. 1 still goes on.',
    });
    expect(judge({}, {}, 'queued').sentence).toBe('The night is about to begin.');
  });

  test('in which everything was left out is not called good', () => {
    expect(judge({}, { blackout: 3 })).toEqual({
      tone: 'calm',
      sentence: 'Nothing ran. 3 starts were left out.',
    });
  });
});
