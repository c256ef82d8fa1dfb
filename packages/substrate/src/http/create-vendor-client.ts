import { Failure } from '../failure/failure.ts';
import { createAddressGuard } from './address-guard.ts';
import { secretsOf } from './auth.ts';
import { createAuthorizer } from './authorizer.ts';
import type { Call, CallContext } from './exchange.ts';
import { findNextPage } from './next-page.ts';
import { resumeAt, toPageUrl } from './page-request.ts';
import { performCall } from './perform-call.ts';
import { createRateLimiter } from './rate-limiter.ts';
import { buildUrl, encodeQuery, parseBaseUrl } from './request-url.ts';
import { defaultRetryLimits } from './retry.ts';
import type { RequestPurpose } from './status-failures.ts';
import type { Transport } from './transport.ts';
import { createUndiciTransport } from './undici-transport.ts';
import { toVendorAnswer } from './vendor-answer.ts';
import type {
  PageRequest,
  RequestBody,
  RequestLimits,
  Timeouts,
  VendorClient,
  VendorClientOptions,
  VendorPage,
  VendorRequest,
  VendorResponse,
} from './vendor-client.ts';

/** A client for one integration. Throws `invalid_params` for a base URL or limits that cannot be meant. */
export function createVendorClient(options: VendorClientOptions): VendorClient {
  assertLimits(options.limits);
  const base = parseBaseUrl(options.baseUrl);
  const otherOrigins = options.otherOrigins?.map((text) => parseBaseUrl(text).origin) ?? [];
  const closing = new AbortController();
  const clientSignal = anySignal(closing.signal, options.signal);
  const transport = options.transport ?? createTransport(options);
  const context = createContext(options, base, transport, clientSignal);

  async function request(asked: VendorRequest): Promise<VendorResponse> {
    const url = buildUrl(base, asked.path, asked.query, otherOrigins);
    const call = toCall(asked, url, anySignal(clientSignal, asked.signal));
    const expectsJson = asked.expectJson ?? call.method === 'GET';
    return performCall(call, context, (response) => {
      if (expectsJson && !call.tolerate.includes(response.status)) response.json();
      return response;
    });
  }

  async function fetchPage(asked: PageRequest): Promise<VendorPage> {
    const { paging, recordsOf } = asked;
    const cursor = resumeAt(paging, asked.cursor);
    const url = toPageUrl(base, asked, paging, cursor, otherOrigins);
    const call = {
      ...toCall({ ...asked, method: 'GET' }, url, anySignal(clientSignal, asked.signal), 'list'),
      // A list's first page has no cursor that could be too old.
      ...('isExpired' in paging && asked.cursor !== null ? { isExpired: paging.isExpired } : {}),
    };
    return performCall(call, context, (response, answeredBy) => {
      const { body, headers } = response;
      const json = response.json();
      const records = recordsOf(json);
      return {
        body,
        headers,
        json,
        records,
        ...findNextPage(paging, cursor, { base, url: answeredBy, headers, json, records }),
      };
    });
  }

  async function close(): Promise<void> {
    closing.abort(new Failure('unavailable', 'The vendor client was closed'));
    // One that was handed in belongs to whoever made it.
    if (options.transport === undefined) await transport.close();
  }

  return { request, fetchPage, close };
}

const defaultTimeouts: Timeouts = { connect: 10_000, headers: 60_000, idle: 30_000, total: 180_000 };
const defaultMaxResponseBytes = 32 * 1024 * 1024;

function createTransport({
  allowedHosts,
  timeouts,
  maxResponseBytes,
  limits,
  clock,
}: VendorClientOptions): Transport {
  return createUndiciTransport({
    guard: createAddressGuard(allowedHosts),
    timeouts: { ...defaultTimeouts, ...timeouts },
    maxResponseBytes: maxResponseBytes ?? defaultMaxResponseBytes,
    connections: limits.concurrent,
    clock,
  });
}

function createContext(
  options: VendorClientOptions,
  base: URL,
  transport: Transport,
  signal: AbortSignal,
): CallContext {
  const { auth, clock, limits, failures, onAttempt } = options;
  const retryLimits = { ...defaultRetryLimits, ...options.retry };
  return {
    base,
    transport,
    authorizer: createAuthorizer(auth, {
      transport,
      clock,
      retryLimits,
      signal,
      failures: (response) => failures?.(toVendorAnswer(response, 'token')),
    }),
    limiter: createRateLimiter(limits, clock),
    retryLimits,
    clock,
    secrets: secretsOf(auth),
    failures,
    onAttempt,
  };
}

type Asked = Omit<VendorRequest, 'path' | 'query'>;

function toCall(asked: Asked, url: URL, signal: AbortSignal, purpose?: RequestPurpose): Call {
  const method = asked.method ?? 'GET';
  const isRead = method === 'GET' || method === 'HEAD';
  return {
    method,
    url,
    headers: {
      accept: asked.accept ?? 'application/json',
      'user-agent': 'flotilla',
      ...contentTypeOf(asked.body),
      ...lowerCaseNames(asked.headers),
    },
    ...writeBody(asked.body),
    purpose: purpose ?? (isRead ? 'read' : 'write'),
    tolerate: asked.tolerate ?? [],
    isIdempotent: asked.idempotent ?? (method !== 'POST' && method !== 'PATCH'),
    signal,
  };
}

function contentTypeOf(body: RequestBody | undefined): Record<string, string> {
  if (body === undefined) return {};
  if ('json' in body) return { 'content-type': body.contentType ?? 'application/json' };
  return { 'content-type': 'form' in body ? 'application/x-www-form-urlencoded' : body.contentType };
}

function writeBody(body: RequestBody | undefined): Pick<Call, 'body' | 'form'> {
  if (body === undefined) return {};
  if ('json' in body) return { body: JSON.stringify(body.json) };
  return 'form' in body ? { body: encodeQuery(body.form), form: body.form } : { body: body.bytes };
}

function lowerCaseNames(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function assertLimits(limits: RequestLimits): void {
  const { requests, perSeconds, concurrent, budget } = limits;
  if (
    Number.isInteger(requests) &&
    requests >= 1 &&
    perSeconds > 0 &&
    Number.isInteger(concurrent) &&
    concurrent >= 1 &&
    (budget === undefined || (budget.slowBelow > 0 && budget.pauseMs > 0))
  )
    return;
  throw new Failure(
    'invalid_params',
    'Request limits are whole numbers from 1, in a positive time; a budget has positive marks',
    {
      data: { limits },
    },
  );
}

function anySignal(one: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  return other === undefined ? one : AbortSignal.any([one, other]);
}
