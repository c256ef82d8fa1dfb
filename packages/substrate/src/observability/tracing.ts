import { AsyncLocalStorage } from 'node:async_hooks';
import { toFailure } from '../failure/failure.ts';
import { formatTraceparent, type TraceContext } from './trace.ts';

/** Ids and counts: never what a vendor, a person or a key ring said. `undefined` is left out. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Who is at the other end: nobody, somebody who asks us or whom we ask, a queue or bus that we take from or give to. */
export type SpanKind = 'internal' | 'server' | 'client' | 'consumer' | 'producer';

export interface SpanStart {
  /** One of few: what varies stands in the attributes. */
  readonly name: string;
  /** `internal` if left out. */
  readonly kind?: SpanKind;
  readonly attributes?: SpanAttributes;
}

/** Keeps spans of work, and sends them somewhere. */
export interface Tracer {
  /** Begins a span within `parent`, or the first one of a new trace. */
  begin(start: SpanStart, parent: TraceContext | undefined): OpenSpan;
  /** Sends what is kept, for a bounded time; what could not be sent by then is lost. Never rejects. */
  close(): Promise<void>;
}

export interface OpenSpan {
  /** What work within the span passes on. */
  readonly trace: TraceContext;
  add(attributes: SpanAttributes): void;
  /** `failure`: the code of what the work failed with. */
  end(failure?: string): void;
}

interface Surroundings {
  readonly tracer: Tracer | undefined;
  readonly trace: TraceContext;
}

/** What runs in a process belongs to many traces at once: each knows its own by what called it. */
const surroundings = new AsyncLocalStorage<Surroundings>();

/**
 * Does work that came from outside, with its trace around it: what is done within is part of it, here and wherever it is passed on. Without a
 * tracer nothing is kept, and the trace is passed on all the same, since logs name it.
 */
export function withinTrace<R>(tracer: Tracer | undefined, trace: TraceContext, work: () => R): R {
  return surroundings.run({ tracer, trace }, work);
}

/** Does a part of the work as a span of the trace around it. Without a tracer, or outside of any trace, it is just done. */
export function inSpan<R>(start: SpanStart, work: (span: Pick<OpenSpan, 'add'>) => Promise<R>): Promise<R> {
  const around = surroundings.getStore();
  if (around?.tracer === undefined) return work(unkept);
  const { tracer } = around;
  const span = tracer.begin(start, around.trace);
  return surroundings.run({ tracer, trace: span.trace }, () => ended(span, work));
}

/** The header or attribute by which work that begins elsewhere becomes part of this trace; empty outside of any. */
export function traceHeaders(): { readonly traceparent?: string } {
  const around = surroundings.getStore();
  return around === undefined ? {} : { traceparent: formatTraceparent(around.trace) };
}

const unkept: Pick<OpenSpan, 'add'> = { add: () => undefined };

async function ended<R>(span: OpenSpan, work: (span: OpenSpan) => Promise<R>): Promise<R> {
  try {
    const result = await work(span);
    span.end();
    return result;
  } catch (thrown) {
    // The code alone: what else a failure carries may quote the vendor.
    span.end(toFailure(thrown).code);
    throw thrown;
  }
}
