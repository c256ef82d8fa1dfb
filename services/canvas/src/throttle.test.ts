import { createManualClock } from '@flotilla/substrate/clock/clock.manual';
import type { SimulatedRequest } from '@flotilla/substrate/testing/simulator/exchange';
import { openVendorStage } from '@flotilla/substrate/testing/vendor-stage';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createThrottle, type Quota } from './simulator/throttle.ts';
import { createCanvasSimulator } from './simulator.ts';
import { canvas } from './vendor.ts';

async function open(quota: Quota) {
  const stage = await openVendorStage({
    vendor: canvas,
    pageSize: 1,
    createSimulator: ({ clock }) =>
      createCanvasSimulator({ clock, quota, district: { students: 4, assignments: 0 } }),
    connection: ({ connection }) => connection,
    credential: ({ credential }) => credential,
  });
  onTestFinished(() => stage.close());
  /** Seconds between the list's requests. */
  const gaps = () => {
    const asked = stage.tap.sent.filter(({ url }) => url.pathname.endsWith('/users'));
    return asked.slice(1).map(({ at }, index) => (at - (asked[index]?.at ?? 0)) / 1000);
  };
  return { stage, gaps };
}

const users = { entityTypes: ['user'] } as const;

describe('the quota that requests use up by what they cost', () => {
  test('is not waited for while there is enough of it', async () => {
    const { stage, gaps } = await open({ size: 700, cost: 1 });

    const { run } = await stage.sync(users);

    expect(run.state).toBe('succeeded');
    expect(Math.max(...gaps())).toBeLessThan(0.5);
  });

  test('slows requests down to one a second before it is used up, and nothing is refused', async () => {
    const { stage, gaps } = await open({ size: 255, perSecond: 1, cost: 2 });

    const { run } = await stage.sync(users);

    expect(run.state).toBe('succeeded');
    const paced = gaps().filter((gap) => gap >= 1);
    expect(paced.length).toBeGreaterThan(5);
    expect(gaps().length).toBeGreaterThan(paced.length);
    expect(stage.simulator.requests().filter(({ status }) => status !== 200)).toEqual([]);
  });

  test.each([403, 429] as const)(
    'that is used up answers %i in plain words, which is waited for, not taken for a refusal',
    async (status) => {
      const { stage } = await open({ size: 4, perSecond: 0.5, cost: 1, status });

      const runId = await stage.start(users);
      for (let slices = 0; (await stage.deliver(runId)) !== 'finished'; slices++) {
        expect(slices).toBeLessThan(20);
        stage.clock.skip(60_000);
      }

      const { run, entityTypes } = await stage.outcome(runId);
      expect(run.state).toBe('succeeded');
      expect(entityTypes.get('user')?.counts.created).toBe(stage.simulator.counts().users);
      expect(stage.simulator.requests().some((one) => one.status === status)).toBe(true);
      const failures = stage.attempts.flatMap(({ failure }) => (failure === undefined ? [] : [failure.code]));
      expect(new Set(failures)).toEqual(new Set(['rate_limited']));
    },
  );

  test('fills up with time, and no more than whole', async () => {
    const clock = createManualClock();
    const throttle = createThrottle(clock, { size: 2, perSecond: 1, cost: 1 });
    function ask() {
      const request = {} as SimulatedRequest;
      const refusal = throttle.check(request);
      const headers = throttle.headersOf(request, refusal ?? { status: 200 });
      return { status: refusal?.status ?? 200, text: refusal?.text, left: headers['X-Rate-Limit-Remaining'] };
    }

    expect([ask(), ask()].map(({ left }) => left)).toEqual(['1', '0']);
    expect(ask()).toEqual({ status: 403, text: '403 Forbidden (Rate Limit Exceeded)\n', left: '0' });
    await clock.advance(1_500);
    expect(ask()).toMatchObject({ status: 200, left: '0.5' });
    await clock.advance(60_000);
    expect(ask()).toMatchObject({ status: 200, left: '1' });
  });
});
