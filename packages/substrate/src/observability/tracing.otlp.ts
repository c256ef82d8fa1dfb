import type { Attributes, Context, SpanKind as OtelKind } from '@opentelemetry/api';
import type { Sampler, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Clock } from '../clock/clock.ts';
import type { TraceContext } from './trace.ts';
import type { OpenSpan, SpanAttributes, SpanKind, Tracer } from './tracing.ts';

export interface OtlpTracerOptions {
  readonly service: string;
  readonly version: string;
  /** The project, for backends that take several; left out elsewhere. */
  readonly projectId?: string;
  /** Where OTLP is spoken over HTTP, without `/v1/traces`. More is read by the library itself: `OTEL_EXPORTER_OTLP_HEADERS`, `_TIMEOUT`. */
  readonly endpoint: string;
  /** Of all traces, how many are kept: 0 to 1. */
  readonly ratio: number;
  readonly clock: Clock;
  /** Instead of one that sends to the endpoint. */
  readonly exporter?: SpanExporter;
}

/** The closers of a service have 1.5 s together, and the store is among them. */
const closeMs = 700;

/** `SpanKind` of the API, which is loaded only where it is used. */
const kinds: Readonly<Record<SpanKind, OtelKind>> = {
  internal: 0,
  server: 1,
  client: 2,
  producer: 3,
  consumer: 4,
};
const failed = 2;
const sampledFlag = 1;

/**
 * OpenTelemetry's own SDK behind our port, sending in batches. Nothing is registered globally: Google's clients, which look for a global
 * tracer, stay silent. A trace is kept where its id says so, which every service sees alike, or where its sender keeps it: Google's front end
 * decides for itself and only now and then.
 */
export async function openOtlpTracer(options: OtlpTracerOptions): Promise<Tracer> {
  const [api, sdk, { resourceFromAttributes }, exporter] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/resources'),
    options.exporter ?? openExporter(options.endpoint),
  ]);
  const { service, version, projectId } = options;
  const provider = new sdk.BasicTracerProvider({
    resource: resourceFromAttributes({
      'service.name': service,
      'service.version': version,
      ...(projectId === undefined ? {} : { 'gcp.project_id': projectId }),
    }),
    sampler: createSampler(options.ratio),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('flotilla', version);

  function createSampler(ratio: number): Sampler {
    const byId = new sdk.TraceIdRatioBasedSampler(ratio);
    return {
      shouldSample(context: Context, traceId: string) {
        const isKept = api.trace.getSpanContext(context)?.traceFlags === sampledFlag;
        return isKept
          ? { decision: sdk.SamplingDecision.RECORD_AND_SAMPLED }
          : byId.shouldSample(context, traceId);
      },
      toString: () => `by id or sender (${ratio})`,
    };
  }

  function contextOf(parent: TraceContext | undefined): Context {
    if (parent === undefined) return api.ROOT_CONTEXT;
    const { traceId, spanId, sampled } = parent;
    const traceFlags = sampled ? sampledFlag : 0;
    return api.trace.setSpanContext(api.ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
  }

  return {
    begin({ name, kind = 'internal', attributes = {} }, parent): OpenSpan {
      const span = tracer.startSpan(
        name,
        { kind: kinds[kind], attributes: toAttributes(attributes) },
        contextOf(parent),
      );
      const { traceId, spanId, traceFlags } = span.spanContext();
      return {
        trace: { traceId, spanId, sampled: (traceFlags & sampledFlag) === sampledFlag },
        add: (more) => void span.setAttributes(toAttributes(more)),
        end(failure) {
          if (failure !== undefined)
            span.setAttribute('flotilla.failure', failure).setStatus({ code: failed, message: failure });
          span.end();
        },
      };
    },

    async close() {
      const over = new AbortController();
      const closed = provider.shutdown().catch(() => undefined);
      await Promise.race([closed, options.clock.sleep(closeMs, over.signal).catch(() => undefined)]);
      over.abort();
    },
  };
}

async function openExporter(endpoint: string): Promise<SpanExporter> {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  return new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
}

function toAttributes(attributes: SpanAttributes): Attributes {
  const members = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(members.map(([name, value]) => [`flotilla.${name}`, value]));
}
