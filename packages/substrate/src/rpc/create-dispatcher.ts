import { Failure, toFailure } from '../failure/failure.ts';
import { findNearest } from '../failure/find-nearest.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { Secrets } from '../observability/secrets.ts';
import { inSpan } from '../observability/tracing.ts';
import type { Call, CallOrigin } from './call.ts';
import { callMethod } from './call-method.ts';
import type { AnyMethod } from './define-method.ts';
import { type CallHandler, createJaysonShell } from './jayson-shell.ts';
import { discoverMethod } from './openrpc.ts';
import { isRefused, readRequest } from './read-request.ts';
import { errorAnswer, failureToRpcError, protocolError, type RpcError } from './rpc-error.ts';

/**
 * JSON in, JSON out: a JSON-RPC 2.0 request (text or parsed), a single one or a batch, to its answer. `undefined` where nothing is to
 * be sent: a notification, or a batch of nothing else. Never rejects.
 */
export type Dispatch = (request: string | JsonValue, origin: CallOrigin) => Promise<JsonValue | undefined>;

export interface DispatcherOptions<Context> {
  /** The service's name and version, as `rpc.discover` tells them. */
  readonly service: string;
  readonly version: string;
  readonly methods: readonly AnyMethod<Context>[];
  /** What the service gives to its methods: becomes `call.context`. */
  readonly context: Context;
  /** What answers to failed calls must never contain. */
  readonly secrets?: Secrets;
  readonly limits?: DispatchLimits;
}

export interface DispatchLimits {
  /** Calls in one batch; a longer batch is refused as a whole. 100 if left out. */
  readonly batch?: number;
  /** Calls of one batch under way at once. 10 if left out. */
  readonly batchConcurrency?: number;
}

/** Throws `config_invalid` when two methods share a wire name. */
export function createDispatcher<Context>(options: DispatcherOptions<Context>): Dispatch {
  const { context, secrets } = options;
  const { batch: batchLimit = 100, batchConcurrency = 10 } = options.limits ?? {};
  const handlers = createHandlers([discoverMethod(options), ...options.methods], secrets);
  const names = [...handlers.keys()];
  const answerSound = createJaysonShell((name) => handlers.get(name) ?? refuseUnknown(name, names));

  async function answerOne(request: JsonValue, call: Call<Context>): Promise<JsonObject | undefined> {
    const read = readRequest(request);
    return isRefused(read) ? errorAnswer(read.error, read.id) : answerSound(read, call);
  }

  async function answerBatch(
    requests: readonly JsonValue[],
    call: Call<Context>,
  ): Promise<JsonValue | undefined> {
    if (requests.length === 0) return errorAnswer(protocolError('invalid_request'));
    if (requests.length > batchLimit) {
      const failure = new Failure('too_large', 'Too many calls in one batch; none was made', {
        data: { limit: batchLimit, found: requests.length },
      });
      return errorAnswer(failureToRpcError(failure, call.traceId));
    }
    const answers = await mapInOrder(requests, batchConcurrency, (request) => answerOne(request, call));
    const sent = answers.filter((answer) => answer !== undefined);
    return sent.length === 0 ? undefined : sent;
  }

  return async (request, origin) => {
    const call: Call<Context> = { ...origin, context };
    const value = typeof request === 'string' ? parseText(request) : request;
    if (value === undefined) return errorAnswer(protocolError('parse_error'));
    return Array.isArray(value) ? answerBatch(value, call) : answerOne(value, call);
  };
}

function createHandlers<Context>(
  methods: readonly AnyMethod<Context>[],
  secrets: Secrets | undefined,
): ReadonlyMap<string, CallHandler<Context>> {
  const handlers = new Map<string, CallHandler<Context>>();
  for (const method of methods) {
    const { wireName } = method;
    if (handlers.has(wireName)) {
      throw new Failure('config_invalid', 'Two methods share a wire name', { data: { method: wireName } });
    }
    handlers.set(wireName, createHandler(method, secrets));
  }
  return handlers;
}

function createHandler<Context>(
  method: AnyMethod<Context>,
  secrets: Secrets | undefined,
): CallHandler<Context> {
  return async (params, call) => {
    const log = call.log.child({ method: method.wireName, caller: call.caller.name });
    try {
      const work = () => callMethod(method, params, { ...call, log });
      return { result: await inSpan({ name: method.wireName }, work) };
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (failure.code === 'internal') log.error('A call failed for a fault of ours', { error: thrown });
      else log.info('A call failed', { code: failure.code, data: failure.data });
      return { error: failureToRpcError(failure, call.traceId, secrets?.values) };
    }
  };
}

function refuseUnknown<Context>(name: string, names: readonly string[]): CallHandler<Context> {
  return async () => ({ error: describeUnknownMethod(name, names) });
}

/** What a caller who missed can use: the versions that exist of that name, or the method that was probably meant. */
function describeUnknownMethod(name: string, names: readonly string[]): RpcError {
  const wanted = dropVersion(name);
  const versions = names.filter((other) => dropVersion(other) === wanted);
  if (versions.length > 0) return protocolError('method_not_found', { versions });
  const near = findNearest(wanted, names.map(dropVersion));
  const didYouMean = names.find((other) => dropVersion(other) === near);
  return protocolError('method_not_found', didYouMean === undefined ? undefined : { didYouMean });
}

function dropVersion(name: string): string {
  return name.replace(/\.v\d*$/, '');
}

function parseText(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

async function mapInOrder<Item, Result>(
  items: readonly Item[],
  concurrency: number,
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  async function work() {
    for (const [index, item] of queue) results[index] = await run(item);
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, work));
  return results;
}
