import { randomBytes } from 'node:crypto';
import type { TraceContext } from './trace.ts';

/** A new span: within the trace that called us, or the first of a new, sampled trace. */
export function startTrace(parent?: TraceContext): TraceContext {
  return {
    traceId: parent?.traceId ?? randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    sampled: parent?.sampled ?? true,
  };
}
