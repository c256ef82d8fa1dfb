import type { Request, Response } from 'express';
import { startTrace } from '../observability/start-trace.ts';
import { parseTraceparent, type TraceContext } from '../observability/trace.ts';
import { type SpanStart, type Tracer, withinTrace } from '../observability/tracing.ts';
import { exchangeOf } from './http-exchange.ts';

export interface TraceEntry extends SpanStart {
  readonly tracer: Tracer | undefined;
  /** Where the trace goes on from, if not from the sender's request: Pub/Sub's own knows nothing of the publisher. */
  readonly parent?: TraceContext | undefined;
}

/** Answers a request as a span of the trace that it belongs to. The exchange's trace and log are the span's from then on. */
export async function enterTrace(
  { tracer, parent, ...start }: TraceEntry,
  request: Request,
  response: Response,
  answer: () => Promise<void>,
): Promise<void> {
  const exchange = exchangeOf(response);
  const span = tracer?.begin(start, parent ?? parseTraceparent(request.get('traceparent')));
  const trace = span?.trace ?? (parent === undefined ? exchange.trace : startTrace(parent));
  if (trace !== exchange.trace)
    response.locals.exchange = { ...exchange, trace, log: exchange.log.forTrace(trace) };
  try {
    await withinTrace(tracer, trace, answer);
  } finally {
    const { statusCode } = response;
    span?.add({ status: statusCode });
    span?.end(statusCode < 400 ? undefined : `http_${statusCode}`);
  }
}
