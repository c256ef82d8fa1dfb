import type { Clock } from '../clock/clock.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { AuthStyle } from './auth.ts';
import type { PageCursor, PageEvidence, Paging } from './paging.ts';
import type { Transport } from './transport.ts';
import type { ReadFailure } from './vendor-answer.ts';

/**
 * HTTP to one vendor for one integration: signs, paces, retries, limits, pages. Everything throws `Failure` (codes in
 * `status-failures.ts`); when the client's or the call's signal aborts, the signal's reason is thrown as it is.
 */
export interface VendorClient {
  request(request: VendorRequest): Promise<VendorResponse>;
  /** One page of a list: `cursor: null` is the first. Safe to repeat with the same cursor. */
  fetchPage(request: PageRequest): Promise<VendorPage>;
  /** Closes the pooled connections; calls under way fail. */
  close(): Promise<void>;
}

export interface VendorClientOptions {
  /** `https://host/prefix`; a trailing slash makes no difference. */
  readonly baseUrl: string;
  /** Other origins, `https://host`, to which requests with the same authorization may go if their path is an absolute URL there. */
  readonly otherOrigins?: readonly string[];
  readonly auth: AuthStyle;
  readonly limits: RequestLimits;
  readonly clock: Clock;
  readonly timeouts?: Partial<Timeouts>;
  readonly retry?: Partial<RetryLimits>;
  /** Of a body, compressed and decompressed alike. Default 32 MiB. */
  readonly maxResponseBytes?: number;
  /** Asked for every answer, 2xx and the token endpoint's too. `not_found` for a request that tolerates 404 makes it such an answer. */
  readonly failures?: ReadFailure;
  /** `host` or `host:port` that may be private and plain http. Of the deployment, never of a customer. */
  readonly allowedHosts?: readonly string[];
  readonly transport?: Transport;
  readonly onAttempt?: (report: AttemptReport) => void;
  readonly signal?: AbortSignal;
}

/** What the vendor allows: at most `requests` in any `perSeconds`, at most `concurrent` under way. */
export interface RequestLimits {
  readonly requests: number;
  readonly perSeconds: number;
  readonly concurrent: number;
  readonly budget?: RequestBudget;
}

/** For vendors that count what requests cost and tell what is left: requests are spaced out before the vendor refuses them. */
export interface RequestBudget {
  /** The header with what is left, a number. An answer without it changes nothing. */
  readonly remainingHeader: string;
  /** Below this, requests are `pauseMs` apart, until an answer tells of as much again. */
  readonly slowBelow: number;
  readonly pauseMs: number;
}

/** All in milliseconds, for one attempt. */
export interface Timeouts {
  /** Default 10 s. */
  readonly connect: number;
  /** From the request's end to the answer's headers. Default 60 s. */
  readonly headers: number;
  /** Between two pieces of the body. Default 30 s. */
  readonly idle: number;
  /** The whole attempt. Default 180 s. */
  readonly total: number;
}

export interface RetryLimits {
  /** The first included. Default 5. */
  readonly attempts: number;
  /** The first back-off, doubled each time, with full jitter. Default 500 ms. */
  readonly initialDelayMs: number;
  /** The longest back-off. Default 30 s. */
  readonly maxDelayMs: number;
  /** The longest wait the vendor may ask for and get by sleeping; beyond, `rate_limited` with `retryAfterMs`. Default 60 s. */
  readonly maxWaitMs: number;
}

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type QueryValue = string | number | boolean;

/** Undefined members are left out; an array repeats its parameter. */
export type Query = Readonly<Record<string, QueryValue | readonly QueryValue[] | undefined>>;

export type RequestBody =
  | { readonly json: JsonValue /** Default `application/json`. */; readonly contentType?: string }
  | { readonly form: Readonly<Record<string, string>> }
  | { readonly bytes: Uint8Array; readonly contentType: string };

export interface VendorRequest {
  readonly method?: HttpMethod;
  /**
   * Appended to the base URL: `/users`; ids in it are encoded by the caller (`encodeURIComponent`). Or an absolute URL on the
   * base URL's origin, as vendors put into answers, or on one of `otherOrigins`. Its own query is kept and `query` added.
   */
  readonly path: string;
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  /** The `Accept` header; default `application/json`. */
  readonly accept?: string;
  /** Whether a success without a readable JSON body is a failure (and tried again). Default: true for GET, else false. */
  readonly expectJson?: boolean;
  /** Statuses outside 2xx that come back as a response instead of a Failure: `[404]` to ask whether something exists. */
  readonly tolerate?: readonly number[];
  /**
   * Whether repeating it does no harm. Default: by method (all but POST and PATCH). Others are repeated only if the vendor
   * cannot have acted on them: not connected, or refused with 429.
   */
  readonly idempotent?: boolean;
  readonly signal?: AbortSignal;
}

export interface VendorResponse {
  readonly status: number;
  /** Names in lower case; repeated headers are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** As received, decompressed. */
  readonly body: Uint8Array;
  /** The body parsed, once. Throws the Failure of an unreadable body. */
  json(): JsonValue;
}

export interface PageRequest {
  readonly path: string;
  /** Without the paging parameters, which the client adds. The same on every page of a list. */
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  readonly accept?: string;
  readonly paging: Paging;
  readonly cursor: PageCursor | null;
  /** Takes the records out of the vendor's envelope. Throws a Failure if the envelope is not the promised one. */
  readonly recordsOf: (json: JsonValue) => readonly JsonValue[];
  readonly signal?: AbortSignal;
}

export interface VendorPage {
  /** As received, decompressed: what is kept as the raw page. */
  readonly body: Uint8Array;
  readonly json: JsonValue;
  readonly records: readonly JsonValue[];
  /** Of the next page; null on the last. */
  readonly cursor: PageCursor | null;
  readonly evidence: PageEvidence;
  readonly headers: Readonly<Record<string, string>>;
}

/** Told of every attempt, the failed ones too. Holds no query, header or body, so that it can be logged. */
export interface AttemptReport {
  readonly method: HttpMethod;
  readonly path: string;
  /** Undefined where no answer came. */
  readonly status?: number;
  readonly ms: number;
  /** 1 is the first. */
  readonly attempt: number;
  /** Of the body, decompressed. */
  readonly bytes: number;
  /** What followed from a failed attempt. */
  readonly failure?: JsonObject;
}
