import { describe, expect, test } from 'vitest';
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

const failing = service({
  integrations: {
    total: 3,
    paused: 0,
    byLastRun: { succeeded: 2, failed: 1 },
    troubled: [],
    firstPaused: [],
  },
});

type Runs = NonNullable<Fleet['nights']>[number]['runs'];

function judge(runs: Runs, services: readonly Service[] = [service()], held = 0) {
  const nights = [{ night: '2026-11-21', state: 'started' as const, runs, leftOut: {} }];
  const { tone, title } = judgeFleet({
    nights,
    services: [...services],
    heldRuns: { count: held, first: [] },
  });
  return `${tone}: ${title}`;
}

describe('the verdict on the fleet', () => {
  test('says how the last night was, the worst first', () => {
    const night = 'the night of Nov 21, 2026';
    expect(judge({ succeeded: 2, unchanged: 1 })).toBe(`good: All 3 runs of ${night} are well`);
    expect(judge({ succeeded: 1 })).toBe(`good: The one run of ${night} is well`);
    expect(judge({ succeeded: 2, running: 1 })).toBe(`calm: 2 of 3 runs are done in ${night}; none failed`);
    expect(judge({ succeeded: 1, held: 1, partial: 1 })).toBe(
      `warn: None of 3 runs failed in ${night}; 2 should be looked at`,
    );
    expect(judge({ failed: 1, held: 2 }, [failing])).toBe(
      `bad: 1 of 3 runs failed in ${night}, 2 should be looked at`,
    );
    expect(judge({})).toBe(`calm: Nothing was to be done in ${night}`);
  });

  test('sees what came after the night: failures that were mended, and new ones', () => {
    expect(judge({ failed: 1, succeeded: 2 })).toMatch(
      /^warn: 1 of 3 runs failed .*, and have been well since$/,
    );
    expect(judge({ succeeded: 3 }, [failing])).toMatch(
      /^bad: All 3 runs .* are well, but 1 integration failed since$/,
    );
  });

  test('is not good while a run waits for a decision, though none of the night does', () => {
    expect(judge({ succeeded: 3 }, [service()], 1)).toMatch(
      /^warn: All 3 runs .* are well, but 1 run waits to be approved or rejected$/,
    );
    expect(judge({ failed: 1 }, [failing], 2)).toMatch(
      /^bad: 1 of 1 run failed in the night of Nov 21, 2026$/,
    );
  });

  test('is not good where a service does not answer, however the night was', () => {
    const silent = service({ title: 'Canvas', state: 'unreachable', reason: 'nobody is there' });
    expect(judge({ succeeded: 3 }, [service(), silent])).toMatch(
      /^bad: All 3 runs .* are well, but Canvas does not answer as it should$/,
    );
    const all = Array.from({ length: 4 }, () => silent);
    expect(judge({ failed: 1 }, [failing, ...all])).toMatch(/, and 4 services do not answer as they should$/);
  });

  test('leaves out a service that has only not answered yet, as one without instances', () => {
    const starting = service({ title: 'Canvas', state: 'starting', reason: 'no answer within 2.5 s' });
    expect(judge({ succeeded: 3 }, [starting])).toMatch(/^good: All 3 runs .* are well$/);
  });

  test('says so where no night is known, or none has been', () => {
    expect(judgeFleet({ nights: null, services: [], heldRuns: null }).title).toBe(
      'How the last night was is not known',
    );
    expect(judgeFleet({ nights: [], services: [], heldRuns: null }).title).toBe('No night has begun yet');
  });
});

test('a customer is called by its name, with the id where another one listed has the same', () => {
  const called = (customerId: string, customerName: string) => ({ customerId, customerName, count: 1 });
  const customers = [called('a', 'Lincoln'), called('b', 'Lincoln'), called('c', 'Adams')];
  const names = callCustomers({ services: [], heldRuns: null, openConflicts: { count: 3, customers } });
  expect([...names.values()]).toEqual(['Lincoln (a)', 'Lincoln (b)', 'Adams']);
});
