import type { Clock } from '@flotilla/substrate/clock/clock';
import { Failure } from '@flotilla/substrate/failure';
import { type FailureCode, failureFacts, isFailureCode } from '@flotilla/substrate/failure/codes';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import {
  type AnsweredError,
  type RpcAnswer,
  readAnswer,
  reasonOfSilence,
} from '@flotilla/substrate/rpc/answer';
import type { z } from 'zod';
import { command } from '../output/command-line.ts';

/** One service of the fleet. */
export interface RpcClient {
  readonly service: string;
  /**
   * The method's result, checked against `result`. Fails as the service failed; with `unavailable` when it does not answer in time;
   * with `internal` when it answers what `result` does not allow.
   */
  call<Result extends z.ZodType>(
    method: string,
    params: JsonObject,
    result: Result,
  ): Promise<z.output<Result>>;
  /** The answer as it came. Fails with `unavailable` only. */
  send(method: string, params: JsonObject): Promise<RpcAnswer>;
}

export interface RpcClientOptions {
  readonly service: string;
  readonly url: string;
  readonly token: string;
  readonly clock: Clock;
  /** Aborts calls under way. */
  readonly signal: AbortSignal;
  /** Per call; two minutes if left out, since a connection check waits for a slow vendor. */
  readonly timeoutMs?: number;
}

export function createRpcClient(options: RpcClientOptions): RpcClient {
  const { service, url, token, clock, signal, timeoutMs = 120_000 } = options;
  let lastId = 0;

  async function send(method: string, params: JsonObject): Promise<RpcAnswer> {
    const over = new AbortController();
    const done = new AbortController();
    clock.sleep(timeoutMs, done.signal).then(
      () => over.abort(),
      () => {},
    );
    lastId += 1;
    try {
      const response = await fetch(`${url}/rpc`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: lastId, method, params }),
        signal: AbortSignal.any([signal, over.signal]),
      });
      return requireAnswer(await response.text(), response.status);
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof Failure) throw cause;
      const reason = over.signal.aborted ? `no answer within ${timeoutMs / 1000} s` : reasonOfSilence(cause);
      throw new Failure('unavailable', 'A service of the fleet does not answer', {
        data: {
          service,
          url,
          reason,
          advice: `Is the fleet running? See the terminal of \`dev\`, or start it: ${command('dev')}`,
        },
        cause,
      });
    } finally {
      done.abort();
    }
  }

  function requireAnswer(text: string, status: number): RpcAnswer {
    const answer = readAnswer(text);
    if (answer !== undefined) return answer;
    throw new Failure('unavailable', 'What answers there does not speak JSON-RPC', {
      data: {
        service,
        url,
        status,
        answer: text.slice(0, 200),
        advice: 'Another program may have taken the port: restart `dev`.',
      },
    });
  }

  return {
    service,
    send,
    async call(method, params, result) {
      const answer = await send(method, params);
      if ('error' in answer) throw rpcErrorToFailure(answer.error, service, method);
      const parsed = result.safeParse(answer.result);
      if (parsed.success) return parsed.data;
      throw new Failure('internal', 'A service answered what its method does not promise', {
        data: {
          service,
          method,
          issues: parsed.error.issues.map(({ path, message }) => ({
            pointer: `/${path.map(String).join('/')}`,
            message,
          })),
        },
      });
    },
  };
}

/** The failure that the service had, as far as its error tells it. */
export function rpcErrorToFailure(
  { code, message, data = {} }: AnsweredError,
  service: string,
  method: string,
) {
  const named = isFailureCode(data.code) ? data.code : codeOf(code);
  // The protocol's own error says nothing of what to do.
  const advice = code === -32601 ? { advice: `See what there is: ${command('call', service)}` } : {};
  return new Failure(named, message, { data: { service, method, ...advice, ...data } });
}

/** For errors of the protocol, whose data names no failure. */
function codeOf(rpcCode: number): FailureCode {
  const found = Object.entries(failureFacts).find(([, facts]) => facts.rpcCode === rpcCode)?.[0];
  if (isFailureCode(found)) return found;
  return rpcCode === -32601 ? 'not_found' : 'invalid_params';
}
