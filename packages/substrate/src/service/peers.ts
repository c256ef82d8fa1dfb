import type { z } from 'zod';
import type { JsonObject } from '../json/json-value.ts';

/** The other services of the fleet. A service calls them in its own name, never in that of whoever calls it: what a caller may do is settled by then. */
export interface Peers {
  /**
   * The result of a peer's method, checked against `result`. Fails as the method failed; with `config_invalid` for a service that is not part of
   * the fleet, or does not know us; with `unavailable` for one that does not answer (`data.reason`, and `data.waitedMs` where it took too long), is
   * ending (`data.status`) or has no such method (`data.method`), as one of another release may.
   */
  call<Result extends z.ZodType>(
    service: string,
    method: string,
    params: JsonObject,
    options: PeerCall<Result>,
  ): Promise<z.output<Result>>;
}

export interface PeerCall<Result extends z.ZodType> {
  readonly result: Result;
  readonly signal: AbortSignal;
  /** 100 s if left out: a vendor may be slow, and what the peer asks of it has limits of its own. */
  readonly timeoutMs?: number;
}
