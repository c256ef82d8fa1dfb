import { describe, expect, test } from 'vitest';
import type { Needy } from './count-needs.ts';
import { callCustomers, type Fleet, type Service } from './fleet.ts';
import { judgeFleet } from './judge-fleet.ts';

const service = (more: Partial<Service> = {}): Service => ({
  service: 'oneroster',
  kind: 'vendor',
  title: 'OneRoster',
  state: 'ready',
  reason: null,
  version: '1',
  queues: [],
  integrations: { total: 3, paused: 0, byLastRun: { succeeded: 3 }, troubled: [], firstPaused: [] },
  ...more,
});

type States = NonNullable<Service['integrations']>['byLastRun'];

const lastRuns = (byLastRun: States, paused = 0) =>
  service({ integrations: { total: 3, paused, byLastRun, troubled: [], firstPaused: [] } });
const failing = lastRuns({ succeeded: 2, failed: 1 });

const nothing: Needy = { nights: [], services: [], heldRuns: null, openConflicts: null, deadLetters: null };
const lastNight = { night: '2026-11-21', state: 'started' as const, leftOut: {} };
type Runs = NonNullable<Fleet['nights']>[number]['runs'];

function judge(runs: Runs, services: readonly Service[] = [service()], more: Partial<Needy> = {}) {
  const nights = [{ ...lastNight, runs }];
  const { tone, title, night } = judgeFleet({ ...nothing, nights, services: [...services], ...more });
  return `${tone}: ${title}${night === null ? '' : ` | ${night}`}`;
}

const held = (count: number) => ({ heldRuns: { count, first: [] } });
const conflicts = (count: number) => ({ openConflicts: { count, customers: [] } });

describe('the verdict on the fleet', () => {
  test('is how the last night was where nothing needs anybody, the worst first', () => {
    const night = 'the night of Nov 21, 2026';
    expect(judge({ succeeded: 2, unchanged: 1 })).toBe(`good: All 3 runs of ${night} are well`);
    expect(judge({ succeeded: 1 })).toBe(`good: The one run of ${night} is well`);
    expect(judge({ succeeded: 2, running: 1 })).toBe(`calm: 2 of 3 runs are done in ${night}; none failed`);
    expect(judge({ succeeded: 1, held: 1, partial: 1 })).toBe(
      `warn: None of 3 runs failed in ${night}; 2 should be looked at`,
    );
    expect(judge({ succeeded: 2, rejected: 1 })).toBe(
      `calm: None of 3 runs failed in ${night}; 1 was rejected`,
    );
    expect(judge({ failed: 1, succeeded: 2 })).toBe(
      `warn: 1 of 3 runs failed in ${night}, and have been well since`,
    );
    expect(judge({})).toBe(`calm: Nothing was to be done in ${night}`);
  });

  test('leads with all that needs a person, and says below how the night was', () => {
    const night = 'the night of Nov 21, 2026';
    expect(judge({ succeeded: 2 }, [failing], { ...held(1), ...conflicts(1) })).toBe(
      `bad: 3 things need you: 1 failed, 1 held, 1 conflict | All 2 runs of ${night} are well`,
    );
    expect(judge({ failed: 1, held: 2 }, [failing], held(2))).toBe(
      `bad: 3 things need you: 1 failed, 2 held | 1 of 3 runs failed in ${night}, 2 should be looked at`,
    );
    expect(judge({ succeeded: 3 }, [service()], { deadLetters: 2_000 })).toMatch(
      /^bad: 2,000 things need you: 2,000 dead letters \| All 3 runs/,
    );
    const nights = [{ ...lastNight, runs: { succeeded: 3 }, leftOut: { schedule_invalid: 1, paused: 4 } }];
    expect(judge({}, [service()], { nights })).toMatch(/^bad: 1 thing needs you: 1 left out \| All 3 runs/);
  });

  test.each([
    ['1 held', [service()], held(1)],
    ['1 conflict', [service()], conflicts(1)],
    ['1 partial', [lastRuns({ succeeded: 2, partial: 1 })], {}],
    ['1 rejected', [lastRuns({ succeeded: 2, rejected: 1 })], {}],
    ['1 expired', [lastRuns({ succeeded: 2, expired: 1 })], {}],
  ])('is not good while there is %s, though none of the night is', (what, services, more) => {
    expect(judge({ succeeded: 3 }, services, more)).toMatch(
      new RegExp(`^warn: 1 thing needs you: ${what} \\| All 3 runs .* are well$`),
    );
  });

  test('is not good where a service does not answer, however the night was', () => {
    const silent = service({ title: 'Canvas', state: 'unreachable', reason: 'nobody is there' });
    expect(judge({ succeeded: 3 }, [{ ...silent, integrations: null }])).toMatch(
      /^bad: 1 thing needs you: 1 service not answering \| All 3 runs .* are well$/,
    );
  });

  test('leaves out a service that has only not answered yet, as one without instances, and what is paused', () => {
    const starting = service({ title: 'Canvas', state: 'starting', reason: 'no answer within 2.5 s' });
    expect(judge({ succeeded: 3 }, [starting])).toMatch(/^good: All 3 runs .* are well$/);
    expect(judge({ succeeded: 3 }, [lastRuns({ succeeded: 3 }, 1)])).toMatch(/^good: /);
  });

  test('says so where no night is known, or none has been', () => {
    expect(judgeFleet({ ...nothing, nights: null }).title).toBe('How the last night was is not known');
    expect(judgeFleet(nothing)).toEqual({ tone: 'calm', title: 'No night has begun yet', night: null });
  });
});

test('a customer is called by its name, with the id where another one listed has the same', () => {
  const called = (customerId: string, customerName: string) => ({ customerId, customerName, count: 1 });
  const customers = [called('a', 'Lincoln'), called('b', 'Lincoln'), called('c', 'Adams')];
  const names = callCustomers({ services: [], heldRuns: null, openConflicts: { count: 3, customers } });
  expect([...names.values()]).toEqual(['Lincoln (a)', 'Lincoln (b)', 'Adams']);
});
