import { describe, expect, test } from 'vitest';
import { type NextStep, nextStep, type PushAnswer } from './next-step.ts';

const policy = { maxAttempts: 3, minBackoffMs: 100, maxBackoffMs: 1_000, maxDoublings: 5 };
const now = 50_000;

const cases: readonly [string, number, Partial<PushAnswer>, NextStep][] = [
  ['a 200 is done', 1, { status: 200 }, { kind: 'done' }],
  ['a 299 is done, also at the last attempt', 3, { status: 299 }, { kind: 'done' }],
  ['a 300 is tried again', 1, { status: 300 }, { kind: 'retry', dueAt: now + 100 }],
  ['a 199 is tried again', 1, { status: 199 }, { kind: 'retry', dueAt: now + 100 }],
  ['no answer is tried again, later each time', 2, { status: null }, { kind: 'retry', dueAt: now + 200 }],
  ['the last attempt that fails is the end', 3, { status: 500 }, { kind: 'dead' }],
  [
    'Retry-After does not bring an exhausted task back',
    3,
    { status: 503, retryAfterMs: 5 },
    { kind: 'dead' },
  ],
  [
    'Retry-After on a 503 makes the wait longer',
    1,
    { status: 503, retryAfterMs: 9_000 },
    { kind: 'retry', dueAt: now + 9_000 },
  ],
  [
    'Retry-After on a 429 never makes the wait shorter',
    1,
    { status: 429, retryAfterMs: 1 },
    { kind: 'retry', dueAt: now + 100 },
  ],
  [
    'Retry-After on another status says nothing',
    1,
    { status: 500, retryAfterMs: 9_000 },
    { kind: 'retry', dueAt: now + 100 },
  ],
];

describe('nextStep', () => {
  test.each(cases)('%s', (_name, attempts, answer, expected) => {
    expect(nextStep(policy, attempts, now - 1_000, { status: null, text: '', ...answer }, now)).toEqual(
      expected,
    );
  });
});
