import type { z } from 'zod';
import type { Clock } from '../clock/clock.ts';
import { isFailureCode } from '../failure/codes.ts';
import { Failure } from '../failure/failure.ts';
import type { JsonObject } from '../json/json-value.ts';
import { inSpan } from '../observability/tracing.ts';
import { type AnsweredError, type RpcAnswer, readAnswer, reasonOfSilence } from '../rpc/answer.ts';
import type { Peers } from './peers.ts';

export interface PeersOptions {
  readonly post: PostToPeer;
  readonly clock: Clock;
}

/** Hands a JSON-RPC request to a service and brings what it answers. Rejects where nothing does. */
export type PostToPeer = (
  service: string,
  request: JsonObject,
  signal: AbortSignal,
) => Promise<{ readonly status: number; readonly text: string }>;

/** Peers that are reached by `post`. */
export function createPeers({ post, clock }: PeersOptions): Peers {
  async function ask(service: string, method: string, params: JsonObject, signal: AbortSignal) {
    const { status, text } = await post(service, { jsonrpc: '2.0', id: 1, method, params }, signal);
    const answer = requireAnswer(service, status, text);
    if ('result' in answer) return answer.result;
    throw errorToFailure(answer.error, { service, method, status });
  }

  return {
    call: (service, method, params, { result, signal, timeoutMs = 100_000 }) =>
      inSpan({ name: 'peer', kind: 'client', attributes: { service, method } }, async () => {
        const [over, done] = [new AbortController(), new AbortController()];
        clock.sleep(timeoutMs, done.signal, { isBackground: true }).then(
          () => over.abort(),
          () => undefined,
        );
        try {
          const either = AbortSignal.any([signal, over.signal]);
          return readResult(result, await ask(service, method, params, either), { service, method });
        } catch (cause) {
          signal.throwIfAborted();
          if (cause instanceof Failure) throw cause;
          const why = over.signal.aborted
            ? { reason: `no answer within ${timeoutMs / 1000} s`, waitedMs: timeoutMs }
            : { reason: reasonOfSilence(cause) };
          throw new Failure('unavailable', 'A service of the fleet does not answer', {
            data: { service, ...why },
            cause,
          });
        } finally {
          done.abort();
        }
      }),
  };
}

interface Asked {
  readonly service: string;
  readonly method: string;
}

function requireAnswer(service: string, status: number, text: string): RpcAnswer {
  const answer = readAnswer(text);
  if (answer !== undefined) return answer;
  throw new Failure('unavailable', 'A service of the fleet does not answer', {
    data: { service, status, reason: 'what answers does not speak JSON-RPC' },
  });
}

function errorToFailure(
  { code, message, data = {} }: AnsweredError,
  { service, method, status }: Asked & { readonly status: number },
): Failure {
  if (code === -32601) {
    return new Failure('unavailable', 'A service of the fleet has no such method: it is of another release', {
      data: { service, method },
    });
  }
  const named = isFailureCode(data.code) ? data.code : 'internal';
  // Ours, not the caller's: they were let in.
  if (named === 'unauthenticated' || named === 'forbidden') {
    return new Failure('config_invalid', 'A service of the fleet does not let another one in', {
      data: { service, method, reason: named },
    });
  }
  const place = named === 'unavailable' ? { service, status } : {};
  const wait = typeof data.retryAfterMs === 'number' ? { retryAfterMs: data.retryAfterMs } : {};
  return new Failure(named, message, { data: { ...data, ...place }, ...wait });
}

function readResult<Result extends z.ZodType>(
  schema: Result,
  result: unknown,
  asked: Asked,
): z.output<Result> {
  const parsed = schema.safeParse(result);
  if (parsed.success) return parsed.data;
  throw new Failure('internal', 'A service of the fleet answers what its method does not promise', {
    data: {
      ...asked,
      issues: parsed.error.issues.slice(0, 10).map(({ path, message }) => `${path.join('/')}: ${message}`),
    },
  });
}
