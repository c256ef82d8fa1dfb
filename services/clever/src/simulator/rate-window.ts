import type { Clock } from '@flotilla/substrate/clock/clock';
import type { SimulatedRequest, SimulatedResponse } from '@flotilla/substrate/testing/simulator/exchange';

const allowed = 1200;
const windowMs = 60_000;

/** 1200 requests a token in each minute of the clock. */
export interface RateWindow {
  /** Counts the request: the refusal, with an empty body, when there were too many. */
  count(request: SimulatedRequest): SimulatedResponse | undefined;
  headers(request: SimulatedRequest): Readonly<Record<string, string>>;
}

export function createRateWindow(clock: Clock): RateWindow {
  let counts = new Map<string, number>();
  let begun = 0;

  function countsNow(): Map<string, number> {
    const start = Math.floor(clock.now() / windowMs) * windowMs;
    if (start !== begun) [begun, counts] = [start, new Map()];
    return counts;
  }

  return {
    count(request) {
      const token = request.headers.authorization ?? '';
      const now = countsNow();
      const count = (now.get(token) ?? 0) + 1;
      now.set(token, count);
      return count > allowed ? { status: 429 } : undefined;
    },
    headers(request) {
      const count = countsNow().get(request.headers.authorization ?? '') ?? 0;
      return {
        'X-RateLimit-Bucket': 'token',
        'X-RateLimit-Limit': String(allowed),
        'X-RateLimit-Remaining': String(Math.max(0, allowed - count)),
        'X-RateLimit-Reset': String((begun + windowMs) / 1000),
      };
    },
  };
}
