import { factsOf } from '../failure/codes.ts';
import type { Failure } from '../failure/failure.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import { redact } from '../observability/redact.ts';
import { redactText } from '../observability/redact-text.ts';

/** The `error` member of a JSON-RPC 2.0 answer. `data.code` is what a program branches on: it is finer than the number. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonObject;
}

/** Errors of the protocol itself, with the specification's own messages (section 5.1). */
const protocolErrors = {
  parse_error: { code: -32700, message: 'Parse error' },
  invalid_request: { code: -32600, message: 'Invalid Request' },
  method_not_found: { code: -32601, message: 'Method not found' },
} as const;

/** Pure. Without details the error is exactly the specification's; details are added as `data` beside `data.code`. */
export function protocolError(code: keyof typeof protocolErrors, details?: JsonObject): RpcError {
  return details === undefined
    ? protocolErrors[code]
    : { ...protocolErrors[code], data: { code, ...details } };
}

/**
 * Pure. A failure as a caller sees it: `data` is what the failure carries, with `code`, `advice` (its own, else that of its code), `retry`
 * and, where known, `retryAfterMs`. Of an internal failure nothing is told but the trace id under which its details stand in the log.
 */
export function failureToRpcError(
  failure: Failure,
  traceId: string,
  secrets: readonly string[] = [],
): RpcError {
  const { rpcCode, advice, retry } = factsOf(failure.code);
  if (failure.code === 'internal') {
    return { code: rpcCode, message: 'Internal error', data: { code: failure.code, advice, retry, traceId } };
  }
  const wait = failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs };
  const data = redact(failure.data, secrets) as JsonObject;
  return {
    code: rpcCode,
    message: redactText(failure.message, secrets),
    data: { advice, ...data, code: failure.code, retry, ...wait },
  };
}

/** Pure. A JSON-RPC answer that says an error. `id` is null where the request's own could not be told. */
export function errorAnswer(error: RpcError, id: JsonValue = null): JsonObject {
  return { jsonrpc: '2.0', error: { ...error }, id };
}
