import type { StandInClock } from './stand-in-clock.ts';

export interface OutgoingRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface AnsweredRequest {
  /** Null: none came, or it came too late. */
  readonly status: number | null;
  /** Of a 429 or 503; else 0. */
  readonly retryAfterMs: number;
}

export interface RequestLimits {
  readonly clock: StandInClock;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** One request as a Google service that pushes makes it. Redirects are not followed (Cloud Tasks "may"). Never rejects. */
export async function sendRequest(
  { method, url, headers, body }: OutgoingRequest,
  { clock, deadlineMs, signal }: RequestLimits,
): Promise<AnsweredRequest> {
  const [late, over] = [new AbortController(), new AbortController()];
  const lateness = clock.sleep(deadlineMs, over.signal).then(
    () => late.abort(),
    () => undefined,
  );
  try {
    const response = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.any([signal, late.signal]),
      ...(method === 'GET' || method === 'HEAD' ? {} : { body: Buffer.from(body) }),
    });
    await response.arrayBuffer();
    const { status } = response;
    const isThrottling = status === 429 || status === 503;
    return { status, retryAfterMs: isThrottling ? readRetryAfter(response, clock.now()) : 0 };
  } catch {
    return { status: null, retryAfterMs: 0 };
  } finally {
    over.abort();
    await lateness;
  }
}

/** RFC 9110: seconds, or a date. */
function readRetryAfter(response: Response, now: number): number {
  const value = response.headers.get('retry-after') ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? 0 : Math.max(0, at - now);
}
