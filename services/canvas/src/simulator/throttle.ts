import type { Clock } from '@flotilla/substrate/clock/clock';
import type { SimulatedRequest, SimulatedResponse } from '@flotilla/substrate/testing/simulator/exchange';
import { textOf } from './text-of.ts';

export interface Quota {
  /** Default 700. */
  readonly size?: number;
  /** What comes back each second. Default 10. */
  readonly perSecond?: number;
  /** Of a request, besides what its records cost. Default 0.3. */
  readonly cost?: number;
  /** 403 by the older documents, 429 by the newer ones. */
  readonly status?: 403 | 429;
}

/** One token's quota: every request takes its cost from it, and it fills up again by itself. */
export function createThrottle(
  clock: Clock,
  { size = 700, perSecond = 10, cost = 0.3, status = 403 }: Quota = {},
) {
  let left = size;
  let at = clock.now();
  const counted = new WeakSet<SimulatedRequest>();

  function refill(): void {
    const now = clock.now();
    left = Math.min(size, left + ((now - at) / 1000) * perSecond);
    at = now;
  }

  return {
    /** The refusal of a request where nothing is left. */
    check(request: SimulatedRequest): SimulatedResponse | undefined {
      refill();
      counted.add(request);
      if (left > 0) return undefined;
      const headers = { 'Content-Type': 'text/html; charset=utf-8' };
      return { status, headers, text: `${status} Forbidden (Rate Limit Exceeded)\n` };
    },
    /** What every answer says; only what was let in or refused here costs. */
    headersOf(request: SimulatedRequest, response: SimulatedResponse): Readonly<Record<string, string>> {
      if (!counted.delete(request)) return {};
      const price = response.status === status ? 0 : cost + (response.page?.records.length ?? 0) / 50;
      left -= price;
      return { 'X-Request-Cost': textOf(price), 'X-Rate-Limit-Remaining': textOf(left) };
    },
  };
}
