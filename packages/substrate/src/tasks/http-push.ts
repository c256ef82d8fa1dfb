import { Agent, request } from 'undici';
import type { Clock } from '../clock/clock.ts';
import { Failure } from '../failure/failure.ts';
import type { PushAnswer } from './next-step.ts';

export interface HttpPush {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
  readonly deadlineMs: number;
}

export interface HttpPusher {
  /** Never rejects because of the other side: what happened instead of an answer is the answer's text. Rejects when `signal` aborts. */
  push(push: HttpPush, signal: AbortSignal): Promise<PushAnswer>;
  close(): Promise<void>;
}

/** Enough to tell what went wrong, little enough to keep a row of. */
const keptAnswerBytes = 2_000;

/** Posts JSON. Redirects are not followed: a 3xx is an answer that is no success. */
export function createHttpPusher(clock: Clock): HttpPusher {
  // Our own deadline is the only one: undici's would end a task after five minutes. Sockets are dropped before a Node server's
  // keep-alive of five seconds does it, or a push would now and then meet a closing one.
  const agent = new Agent({
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 2_000,
    connect: { timeout: 10_000 },
  });

  async function push(
    { url, headers, body, deadlineMs }: HttpPush,
    signal: AbortSignal,
  ): Promise<PushAnswer> {
    signal.throwIfAborted();
    const deadline = new AbortController();
    const timer = new AbortController();
    const lateness = clock.sleep(deadlineMs, timer.signal).then(
      () => deadline.abort(new Failure('unavailable', 'No answer within the deadline')),
      () => undefined,
    );
    try {
      const response = await request(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body,
        dispatcher: agent,
        signal: AbortSignal.any([signal, deadline.signal]),
      });
      const text = await readStart(response.body);
      const retryAfterMs = readRetryAfter(response.headers['retry-after'], clock.now());
      return { status: response.statusCode, text, ...(retryAfterMs === null ? {} : { retryAfterMs }) };
    } catch (error) {
      signal.throwIfAborted();
      return { status: null, text: describe(error, deadline.signal) };
    } finally {
      timer.abort();
      await lateness;
    }
  }

  return { push, close: () => agent.destroy() };
}

async function readStart(body: AsyncIterable<Uint8Array>): Promise<string> {
  const kept: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    if (bytes < keptAnswerBytes) kept.push(chunk);
    bytes += chunk.byteLength;
    // Leaving the loop destroys the stream and its socket with it: an answer of ours is never that long.
    if (bytes > 1_000_000) break;
  }
  return Buffer.concat(kept).subarray(0, keptAnswerBytes).toString('utf8');
}

/** RFC 9110: a number of seconds or an HTTP date; null for anything else. */
function readRetryAfter(header: string | string[] | undefined, now: number): number | null {
  const value = (Array.isArray(header) ? header[0] : header)?.trim();
  if (value === undefined || value === '') return null;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

function describe(error: unknown, deadline: AbortSignal): string {
  if (deadline.aborted) return 'No answer within the deadline';
  if (!(error instanceof Error)) return 'No answer';
  // `localhost` is tried as IPv6 and IPv4: the error then has a code but no message.
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (error.message.includes(code) ? error.message : `${code}: ${error.message}`).slice(
    0,
    keptAnswerBytes,
  );
}
