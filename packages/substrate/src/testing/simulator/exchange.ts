import type { IncomingHttpHeaders } from 'node:http';
import type { JsonValue } from '../../json/json-value.ts';

/** What a vendor's route is asked. */
export interface SimulatedRequest {
  /** Upper case; a HEAD request reaches its GET route as `GET`. */
  readonly method: string;
  /** The path as sent, percent-encoding untouched, without the query. */
  readonly path: string;
  /** The query as sent, without `?`. */
  readonly rawQuery: string;
  readonly query: URLSearchParams;
  /** Decoded values of the route's `:name` segments. */
  readonly params: Readonly<Record<string, string>>;
  /** The matched line of the route table, such as `GET /users/:id`; empty where none matched. */
  readonly route: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Scheme, host and port as the client addressed them: `http://127.0.0.1:4711`. */
  readonly origin: string;
}

/** A list answer whose records stay apart from their envelope, so that faults can drop or repeat records. */
export interface SimulatedPage {
  readonly records: readonly JsonValue[];
  readonly wrap: (records: readonly JsonValue[]) => JsonValue;
  /** What a request for the page after this one says of its place, such as the cursor; none on the last page. */
  readonly next?: string | undefined;
}

/** What a vendor's route answers: at most one of `json`, `page` and `text`; none of them is an empty body. */
export interface SimulatedResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: JsonValue;
  readonly page?: SimulatedPage;
  readonly text?: string;
}

/** Something that went wrong, before the vendor's own shape is put around it. */
export interface VendorProblem {
  readonly status: number;
  /** The vendor's own code, where it has one for this. */
  readonly code?: string;
  readonly description: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A problem gets the vendor's error shape before it is sent. */
export type Answer = SimulatedResponse | VendorProblem;

export type Route = (request: SimulatedRequest) => Answer | Promise<Answer>;

/** A route that answers with pages, which faults may then count (`GET /users page=3: 500`). */
export interface ListRoute {
  readonly list: Route;
}

/** Pure. */
export function isProblem(value: object): value is VendorProblem {
  return 'status' in value && typeof value.status === 'number' && 'description' in value;
}
