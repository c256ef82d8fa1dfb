import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import express, { type NextFunction, type Request, type Response } from 'express';
import { Failure } from '../failure/failure.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { Log } from '../observability/log.ts';
import { startTrace } from '../observability/start-trace.ts';
import { parseTraceparent, type TraceContext } from '../observability/trace.ts';
import { errorAnswer, failureToRpcError, protocolError, type RpcError } from '../rpc/rpc-error.ts';

/** What every route knows of the request it answers. */
export interface Exchange {
  readonly requestId: string;
  readonly trace: TraceContext;
  readonly log: Log;
  /** Aborts when the service shuts down or the sender has gone. */
  readonly signal: AbortSignal;
}

/** Takes the sender's trace and request id over where they are well-formed; other texts would end up in our logs and headers. */
export function beginExchange(request: IncomingMessage, log: Log, signal: AbortSignal): Exchange {
  const trace = startTrace(parseTraceparent(request.headers.traceparent as string | undefined));
  const sent = request.headers['x-request-id'];
  const requestId = typeof sent === 'string' && /^[\w.:-]{1,128}$/.test(sent) ? sent : randomUUID();
  return { requestId, trace, log: log.forTrace(trace).child({ requestId }), signal };
}

export function exchangeOf(response: Response): Exchange {
  return response.locals.exchange as Exchange;
}

export function sendJson(response: Response, status: number, body: JsonValue): void {
  response.status(status).type('application/json').send(JSON.stringify(body));
}

/** Every error has the shape of a JSON-RPC answer, also outside `/rpc`, so that a caller needs one reader for all. */
export function sendError(response: Response, status: number, error: RpcError): void {
  sendJson(response, status, errorAnswer(error));
}

export function sendFailure(response: Response, status: number, failure: Failure): void {
  if (failure.retryAfterMs !== undefined)
    response.set('retry-after', String(retryAfterSeconds(failure.retryAfterMs)));
  if (status === 401) response.set('www-authenticate', 'Bearer realm="flotilla"');
  sendJson(response, status, failureAnswer(response, failure));
}

export function failureAnswer(response: Response, failure: Failure): JsonObject {
  return errorAnswer(failureToRpcError(failure, exchangeOf(response).trace.traceId));
}

/** Never 0, which would ask for a retry at once. */
function retryAfterSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}

/** The body as JSON. Fails with `invalid_params` when it is none. */
export function readJsonBody(request: Request): JsonValue {
  try {
    return JSON.parse(readTextBody(request)) as JsonValue;
  } catch (cause) {
    throw new Failure('invalid_params', 'The body is not JSON in UTF-8', { cause });
  }
}

/** Throws for what is not UTF-8: what is replaced silently would be stored as something that nobody sent. */
export function readTextBody(request: Request): string {
  // `express.raw` leaves an empty object where there was no body.
  const bytes = request.body instanceof Uint8Array ? request.body : new Uint8Array();
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/** Whether the body is said to be JSON in UTF-8, the only charset that RFC 8259 knows. */
function isJsonContent(request: Request): boolean {
  const header = request.headers['content-type'] ?? '';
  const match = /^\s*application\/json\s*(?:;\s*charset\s*=\s*"?([\w-]+)"?\s*)?;?\s*$/i.exec(header);
  return match !== null && ['utf-8', 'utf8', undefined].includes(match[1]?.toLowerCase());
}

export function requireJson(request: Request, response: Response, next: NextFunction): void {
  if (isJsonContent(request)) return next();
  sendError(
    response,
    415,
    protocolError('invalid_request', { expected: 'content-type: application/json (UTF-8)' }),
  );
}

/** Compressed bodies are refused: nobody sends them, and they make small requests large. */
export function readBody(limit: number) {
  return express.raw({ type: () => true, limit, inflate: false });
}

export function refuseMethod(response: Response, allowed: string): void {
  response.set('allow', allowed);
  sendError(response, 405, protocolError('invalid_request', { expected: allowed }));
}

/** The sender's failure to say who it is, or to be who it must be, as an HTTP status. */
export function statusOfRefusal(failure: Failure): number {
  if (failure.code === 'unauthenticated') return 401;
  if (failure.code === 'forbidden') return 403;
  return 503;
}
