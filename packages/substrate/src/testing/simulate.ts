import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../clock/clock.system.ts';
import type { Clock } from '../clock/clock.ts';
import { Failure, toFailure } from '../failure/failure.ts';
import type { JsonValue } from '../json/json-value.ts';
import { type AdminCall, createAdminEndpoint } from './simulator/admin-endpoint.ts';
import {
  type Answer,
  isProblem,
  type Route,
  type SimulatedPage,
  type SimulatedRequest,
  type SimulatedResponse,
  type VendorProblem,
} from './simulator/exchange.ts';
import type { FaultAction } from './simulator/fault.ts';
import { createFaultSet, type FaultStatus } from './simulator/fault-set.ts';
import { readBody } from './simulator/read-body.ts';
import type { RecordEdit } from './simulator/record-edit.ts';
import { createRequestLog, type LoggedRequest } from './simulator/request-log.ts';
import { createRouteTable } from './simulator/route-table.ts';
import { type SendOptions, sendResponse } from './simulator/send-response.ts';

export interface SimulateOptions {
  /** Handlers by `METHOD /path/:name`. A HEAD request is answered from its GET route. */
  readonly routes: Readonly<Record<string, Route>>;
  /** Routes of the table that need no authentication, such as `POST /token`. */
  readonly openRoutes?: readonly string[];
  /** The vendor's refusal, or undefined to let the request in. */
  readonly authenticate: (request: SimulatedRequest) => Answer | undefined;
  /** For the fault `expire-token`: makes the token that this request carries invalid. */
  readonly expireToken?: (request: SimulatedRequest) => void;
  /** Puts the vendor's own error shape around a problem. */
  readonly problem: (problem: VendorProblem, request: SimulatedRequest) => SimulatedResponse;
  /** Which page of a list a request asks for, from 1; undefined where it asks for no list. */
  readonly pageOf?: (request: SimulatedRequest) => number | undefined;
  /** The request for the page before; needed for the fault `duplicate-page`. */
  readonly previousPage?: (request: SimulatedRequest) => SimulatedRequest | undefined;
  /** Told of each page that a route answers, before faults touch it. */
  readonly onPage?: (request: SimulatedRequest, page: SimulatedPage) => void;
  /** Headers that the vendor puts on every answer, also on refusals. The answer's own win. */
  readonly commonHeaders?: (
    request: SimulatedRequest,
    response: SimulatedResponse,
  ) => Readonly<Record<string, string>>;
  /** Edits the vendor's data; the answer goes back to whoever posted `/admin/edit`. */
  readonly edit?: (edits: readonly RecordEdit[]) => JsonValue;
  readonly adminCalls?: Readonly<Record<string, AdminCall>>;
  /** Lines of the fault language (`simulator/fault.ts`). */
  readonly faults?: readonly string[];
  /** Guards `/admin/...`; random when not given. */
  readonly adminToken?: string;
  readonly clock?: Clock;
}

/** A vendor on this machine. Until `listen` it has no address. */
export interface Simulator {
  /** Port 0 takes any free one. Resolves to `http://host:port`. */
  listen(port?: number, host?: string): Promise<string>;
  /** Ends every connection, also hanging ones. Safe to call twice. */
  close(): Promise<void>;
  /** `http://host:port`; throws before `listen`. */
  readonly origin: string;
  readonly adminToken: string;
  addFault(line: string): void;
  clearFaults(): void;
  faults(): readonly FaultStatus[];
  /** The log of all requests (without those to `/admin`), or of those that match a pattern such as `GET /users page=2`. */
  requests(pattern?: string): readonly LoggedRequest[];
  clearRequests(): void;
  /** Lines of the route table that no request reached: in a test, a vendor's behaviour that nothing checks. */
  unusedRoutes(): readonly string[];
}

const maximumBodyBytes = 8 * 1024 * 1024;

/** A vendor's HTTP server from its route table, with faults, a request log and an admin endpoint. */
export function simulate(options: SimulateOptions): Simulator {
  const clock = options.clock ?? systemClock;
  const table = createRouteTable(options.routes);
  const faults = createFaultSet(options.faults);
  const log = createRequestLog();
  const adminToken = options.adminToken ?? randomBytes(24).toString('base64url');
  const open = new Set(options.openRoutes);
  const answerAdmin = createAdminEndpoint({
    token: adminToken,
    faults,
    requests: log,
    edit: options.edit,
    calls: options.adminCalls ?? {},
  });
  const closing = new AbortController();
  const server = createServer((message, out) => {
    // Whatever fails here is the connection itself (the client went away): there is nobody left to tell.
    handle(message, out).catch(() => out.destroy());
  });
  let origin: string | undefined;

  async function handle(message: IncomingMessage, out: ServerResponse): Promise<void> {
    const head = message.method === 'HEAD';
    const body = await readBody(message, maximumBodyBytes);
    const target = message.url ?? '/';
    const mark = target.indexOf('?');
    const path = mark === -1 ? target : target.slice(0, mark);
    const rawQuery = mark === -1 ? '' : target.slice(mark + 1);
    const method = head ? 'GET' : (message.method ?? 'GET');
    const match = table.find(method, path);
    const request: SimulatedRequest = {
      method,
      path,
      rawQuery,
      query: new URLSearchParams(rawQuery),
      params: match.kind === 'found' ? match.params : {},
      route: match.kind === 'found' ? match.name : '',
      headers: message.headers,
      body: body ?? '',
      origin: `http://${message.headers.host ?? ''}`,
    };
    // A vendor's own paths come first.
    if (match.kind === 'unknown' && (path === '/admin' || path.startsWith('/admin/'))) {
      await sendResponse(out, await answerAdmin(request), { head });
      return;
    }

    const page = options.pageOf?.(request);
    const struck = faults.strike({ method: message.method ?? 'GET', path, page });
    let authorised = false;
    function record(status: LoggedRequest['status'], error?: string): void {
      log.add({
        at: clock.now(),
        method: message.method ?? 'GET',
        path,
        query: rawQuery,
        page,
        route: request.route,
        status,
        authorised,
        faults: struck.map((fault) => fault.line),
        ...(error === undefined ? {} : { error }),
      });
    }

    for (const { action } of struck) {
      if (action.kind === 'delay') await clock.sleep(action.milliseconds, closing.signal);
    }
    const action = struck.find((fault) => fault.action.kind !== 'delay')?.action;
    if (action?.kind === 'hang') return record('hung');
    if (action?.kind === 'reset') {
      record('reset');
      message.socket.resetAndDestroy();
      return;
    }
    if (action?.kind === 'expire-token') options.expireToken?.(request);

    let error: string | undefined;
    let response = planned(action, request);
    if (response === undefined && body === undefined) {
      response = refuse({ status: 413, description: 'The request body is too large' }, request);
    }
    if (response === undefined && match.kind === 'wrong-method') {
      const headers = { Allow: match.allowed.join(', ') };
      const description = `${message.method} is not supported here`;
      response = refuse({ status: 405, description, headers }, request);
    }
    const refusal =
      response !== undefined || open.has(request.route) ? undefined : options.authenticate(request);
    if (refusal !== undefined) response = toResponse(refusal, request);
    if (response === undefined) {
      authorised = true;
      try {
        response =
          match.kind === 'found'
            ? await answer(match.route, request, action)
            : refuse({ status: 404, description: 'No such resource' }, request);
      } catch (thrown) {
        error = describe(thrown);
        response = refuse({ status: 500, description: 'Internal error of the simulator' }, request);
      }
    }
    const common = options.commonHeaders?.(request, response);
    if (common !== undefined) response = { ...response, headers: { ...common, ...response.headers } };
    record(response.status, error);
    // Dates in other headers (`Retry-After`) are read against this one, so it goes by the same clock.
    out.setHeader('Date', new Date(clock.now()).toUTCString());
    await sendResponse(out, response, { head, ...sendOptionsOf(action) });
  }

  function refuse(problem: VendorProblem, request: SimulatedRequest): SimulatedResponse {
    const refusal = options.problem(problem, request);
    return problem.headers === undefined
      ? refusal
      : { ...refusal, headers: { ...refusal.headers, ...problem.headers } };
  }

  function toResponse(answer: Answer, request: SimulatedRequest): SimulatedResponse {
    return isProblem(answer) ? refuse(answer, request) : answer;
  }

  /** The responses that come from a fault alone. */
  function planned(
    action: FaultAction | undefined,
    request: SimulatedRequest,
  ): SimulatedResponse | undefined {
    if (action?.kind === 'html') {
      const text = `<!doctype html><html><head><title>${action.status}</title></head><body><h1>Please wait</h1></body></html>`;
      return { status: action.status, headers: { 'Content-Type': 'text/html; charset=utf-8' }, text };
    }
    if (action?.kind === 'expire-token' && options.expireToken === undefined) {
      return refuse({ status: 401, description: 'The token has expired' }, request);
    }
    if (action?.kind !== 'status') return undefined;
    const refusal = refuse(
      { status: action.status, description: 'Fault injected by the simulator' },
      request,
    );
    const headers: Record<string, string> = { ...refusal.headers };
    const now = clock.now();
    if (action.retryAfter !== undefined) headers['Retry-After'] = String(action.retryAfter);
    // An HTTP date has no fraction: rounded up, or the client would come back a moment too early.
    if (action.retryAfterDate !== undefined) {
      headers['Retry-After'] = new Date(Math.ceil(now / 1000 + action.retryAfterDate) * 1000).toUTCString();
    }
    if (action.rateLimitReset !== undefined) {
      headers['X-RateLimit-Reset'] = String(Math.ceil(now / 1000 + action.rateLimitReset));
      headers['X-RateLimit-Remaining'] = '0';
    }
    return { ...refusal, headers };
  }

  async function answer(
    route: Route,
    request: SimulatedRequest,
    action: FaultAction | undefined,
  ): Promise<SimulatedResponse> {
    const response = toResponse(await route(request), request);
    if (response.page !== undefined) options.onPage?.(request, response.page);
    if (action?.kind === 'drop-records' && response.page !== undefined) {
      const { records, wrap } = response.page;
      return {
        ...response,
        page: { wrap, records: records.slice(0, Math.max(0, records.length - action.count)) },
      };
    }
    const previous = action?.kind === 'duplicate-page' ? options.previousPage?.(request) : undefined;
    if (previous !== undefined) {
      const before = toResponse(await route(previous), previous);
      // The headers stay those of the page asked for: the vendor believes that it sent that one.
      if (before.page !== undefined) return { ...response, page: before.page };
    }
    return response;
  }

  async function listen(port = 0, host = '127.0.0.1'): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    }).catch((cause: unknown) => {
      throw new Failure('config_invalid', 'The simulator cannot listen on this port', {
        data: { host, port },
        cause,
      });
    });
    origin = `http://${host}:${(server.address() as AddressInfo).port}`;
    return origin;
  }

  async function close(): Promise<void> {
    closing.abort(new Failure('unavailable', 'The simulator is closing'));
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  return {
    listen,
    close,
    adminToken,
    addFault: faults.add,
    clearFaults: faults.clear,
    faults: faults.list,
    requests: log.list,
    clearRequests: log.clear,
    unusedRoutes: table.unused,
    get origin() {
      if (origin === undefined) throw new Failure('config_invalid', 'The simulator is not listening yet');
      return origin;
    },
  };
}

function sendOptionsOf(action: FaultAction | undefined): Omit<SendOptions, 'head'> {
  if (action?.kind === 'truncate') return { truncate: true };
  if (action?.kind === 'cut') return { cut: true };
  if (action?.kind === 'wrong-content-type') return { contentType: 'text/plain' };
  return {};
}

function describe(thrown: unknown): string {
  const failure = toFailure(thrown);
  return failure.cause instanceof Error ? (failure.cause.stack ?? failure.cause.message) : failure.message;
}
