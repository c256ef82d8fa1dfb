import { timingSafeEqual } from 'node:crypto';
import { toFailure } from '../../failure/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import type { SimulatedRequest, SimulatedResponse } from './exchange.ts';
import type { FaultSet } from './fault-set.ts';
import { parseRecordEdits, type RecordEdit } from './record-edit.ts';
import type { RequestLog } from './request-log.ts';

/** A vendor's own admin call: takes the posted JSON object (empty when none was), gives JSON; a thrown Failure becomes a 400. */
export type AdminCall = (body: JsonObject) => JsonValue | Promise<JsonValue>;

export interface AdminEndpointOptions {
  readonly token: string;
  readonly faults: FaultSet;
  readonly requests: RequestLog;
  readonly edit: ((edits: readonly RecordEdit[]) => JsonValue) | undefined;
  /** Further calls by `GET /admin/x` or `POST /admin/x`. */
  readonly calls: Readonly<Record<string, AdminCall>>;
}

/**
 * Answers `/admin/...` under `Authorization: Bearer <token>`:
 * `GET|DELETE /admin/faults`, `POST /admin/faults {"fault": "GET /users: 500"}`, `GET /admin/requests[?pattern=GET /users]`,
 * `DELETE /admin/requests`, `POST /admin/edit {"edits": [...]}`, and the vendor's own calls.
 */
export function createAdminEndpoint(
  options: AdminEndpointOptions,
): (request: SimulatedRequest) => Promise<SimulatedResponse> {
  const { faults, requests } = options;
  const calls: Record<
    string,
    (body: JsonObject, request: SimulatedRequest) => JsonValue | Promise<JsonValue>
  > = {
    'GET /admin/faults': () => ({ faults: faults.list().map((fault) => ({ ...fault })) }),
    'DELETE /admin/faults': () => {
      faults.clear();
      return { faults: [] };
    },
    'POST /admin/faults': (body) => {
      faults.add(typeof body.fault === 'string' ? body.fault : '');
      return { faults: faults.list().map((fault) => ({ ...fault })) };
    },
    'GET /admin/requests': (_body, request) => {
      const listed = requests.list(request.query.get('pattern') ?? undefined);
      return {
        total: requests.total,
        requests: listed.map((entry) => ({
          ...entry,
          page: entry.page ?? null,
          faults: [...entry.faults],
          error: entry.error ?? null,
        })),
      };
    },
    'DELETE /admin/requests': () => {
      requests.clear();
      return { total: 0, requests: [] };
    },
    ...options.calls,
  };
  const { edit } = options;
  if (edit !== undefined) calls['POST /admin/edit'] = (body) => edit(parseRecordEdits(body.edits));

  return async (request) => {
    if (!isAuthorised(request.headers.authorization, options.token)) {
      return refuse(401, 'Send the admin token that was printed at the start: Authorization: Bearer <token>');
    }
    const call = calls[`${request.method} ${request.path}`];
    if (call === undefined)
      return { status: 404, json: { error: 'No such admin call', calls: Object.keys(calls) } };
    try {
      const body: unknown = request.body === '' ? {} : JSON.parse(request.body);
      if (!isJsonObject(body)) return refuse(400, 'The body must be a JSON object');
      return { status: 200, json: await call(body, request) };
    } catch (thrown) {
      if (thrown instanceof SyntaxError) return refuse(400, 'The body is not JSON');
      const failure = toFailure(thrown);
      const status = failure.code === 'internal' ? 500 : 400;
      return {
        status,
        json: { error: failure.message, data: JSON.parse(JSON.stringify(failure.data)) as JsonValue },
      };
    }
  };
}

function refuse(status: number, error: string): SimulatedResponse {
  return { status, json: { error } };
}

function isAuthorised(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
