import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Clock } from '../clock/clock.ts';
import { Failure, toFailure } from '../failure/failure.ts';
import type { Log } from '../observability/log.ts';
import type { Tracer } from '../observability/tracing.ts';
import type { Authenticator } from '../rpc/authenticate.ts';
import type { Caller } from '../rpc/call.ts';
import type { Dispatch } from '../rpc/create-dispatcher.ts';
import { errorAnswer, protocolError } from '../rpc/rpc-error.ts';
import type { DeadTaskKeeper } from '../tasks/dead-task-keeper.ts';
import { enterTrace } from './enter-trace.ts';
import { answerHealth, answerReadiness, type Readiness } from './health-routes.ts';
import {
  beginExchange,
  exchangeOf,
  readBody,
  readTextBody,
  refuseMethod,
  requireJson,
  sendError,
  sendFailure,
  sendJson,
  statusOfRefusal,
} from './http-exchange.ts';
import { addPages, type Pages } from './pages.ts';
import type { People } from './people/people.ts';
import { addSessionRoutes } from './people/session-routes.ts';
import { answerPush, type PushHandler } from './push-route.ts';
import type { Shutdown } from './shutdown.ts';
import { answerTask, type TaskHandler } from './task-route.ts';

export interface HttpShellOptions {
  readonly dispatch: Dispatch;
  readonly authenticator: Authenticator;
  /** By name: a task posted to `/tasks/<name>` goes to the handler of that name. */
  readonly taskRoutes?: Readonly<Record<string, TaskHandler>>;
  /** By name: `/push/<name>`. */
  readonly pushRoutes?: Readonly<Record<string, PushHandler>>;
  /** Where the task queue keeps no dead tasks itself. */
  readonly deadTasks?: DeadTaskKeeper;
  readonly readiness?: Readiness;
  /** Left out: there is nothing here for people. */
  readonly dashboard?: Dashboard | undefined;
  /** Left out: nothing is traced. */
  readonly tracer?: Tracer | undefined;
  readonly shutdown: Shutdown;
  readonly limits?: HttpLimits;
  readonly log: Log;
  readonly clock: Clock;
}

/** What is for people: pages, which they reach at `origin`, and `/session` where they sign in here. */
export interface Dashboard {
  readonly pages: Pages;
  readonly people: People;
  readonly origin: string;
}

export interface HttpLimits {
  /** Bytes of a call's or a task's body; 1 MiB if left out. */
  readonly bodyBytes?: number;
  /** Bytes of a pushed message's envelope; 16 MiB if left out, since a message may have 10 MB and grows by a third in base64. */
  readonly pushBodyBytes?: number;
}

export interface HttpShell {
  readonly app: Express;
  /** Port 0 takes any free one. Fails with `config_invalid` when it cannot listen there. The shell is an intake of the shutdown. */
  listen(port: number, host?: string): Promise<ListeningShell>;
}

export interface ListeningShell {
  readonly url: string;
  readonly port: number;
  /** Stops accepting at once; resolves when the last request under way is answered, and then cuts all connections. */
  close(): Promise<void>;
}

/**
 * A service's one door: `POST /rpc`, `POST /tasks/<name>`, `POST /push/<name>`, `GET /healthz`, `GET /readyz`; and for people, where it
 * has pages, these and `/session`.
 *
 * What reaches the dispatcher is answered with 200 and a JSON-RPC answer, parse errors and failed calls included, or with 204 where
 * JSON-RPC has no answer. Before that HTTP speaks, with an error of the same shape: 401, 405, 413, 415, and 503 while shutting down.
 */
export function createHttpShell(options: HttpShellOptions): HttpShell {
  const { authenticator, clock, dashboard, dispatch, log, readiness = {}, shutdown, tracer } = options;
  const { bodyBytes = 1_048_576, pushBodyBytes = 16_777_216 } = options.limits ?? {};
  const underWay = new Map<Response, AbortController>();
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use(openExchange);

  app.get('/healthz', answerHealth);
  app.get('/readyz', (_request, response) => answerReadiness(response, readiness, shutdown.signal, clock));
  app.use(refuseWhileDraining);

  // Who sends is asked before anything of the body is read.
  app.post('/rpc', authenticate, requireJson, readBody(bodyBytes), (request, response) =>
    enterTrace({ name: 'rpc', kind: 'server', tracer }, request, response, () =>
      answerRpc(request, response),
    ),
  );
  addRoutes('tasks', options.taskRoutes ?? {}, bodyBytes, (name, handler, request, response) =>
    enterTrace({ name: 'task', kind: 'consumer', tracer }, request, response, () =>
      answerTask({ name, handler, deadTasks: options.deadTasks }, request, response),
    ),
  );
  addRoutes('push', options.pushRoutes ?? {}, pushBodyBytes, (name, handler, request, response) =>
    answerPush({ name, handler, tracer }, request, response),
  );
  app.all(['/rpc', '/tasks/:name', '/push/:name'], (_request, response) => refuseMethod(response, 'POST'));
  if (dashboard !== undefined) addDashboard(app, dashboard);
  app.use((_request, response) => {
    const paths = ['/rpc', '/tasks/<name>', '/push/<name>', '/healthz', '/readyz'];
    sendFailure(response, 404, new Failure('not_found', 'No such path', { data: { paths } }));
  });
  app.use(answerThrown);

  function addRoutes<Handler>(
    kind: 'tasks' | 'push',
    routes: Readonly<Record<string, Handler>>,
    limit: number,
    answer: (
      name: string,
      handler: Handler | undefined,
      request: Request,
      response: Response,
    ) => Promise<void>,
  ) {
    const handlers = new Map(Object.entries(routes));
    app.post(
      `/${kind}/:name`,
      authenticate,
      requireRole(kind),
      requireJson,
      readBody(limit),
      (request, response) => {
        const name = String(request.params.name);
        return answer(name, handlers.get(name), request, response);
      },
    );
  }

  async function answerRpc(request: Request, response: Response): Promise<void> {
    const { trace, log: exchangeLog, signal } = exchangeOf(response);
    const caller = response.locals.caller as Caller;
    const text = decodeOrUndefined(request);
    if (text === undefined) return sendJson(response, 200, errorAnswer(protocolError('parse_error')));
    const answer = await dispatch(text, { caller, traceId: trace.traceId, log: exchangeLog, signal });
    if (answer === undefined) response.status(204).end();
    else sendJson(response, 200, answer);
  }

  function openExchange(request: Request, response: Response, next: NextFunction) {
    const controller = new AbortController();
    underWay.set(response, controller);
    response.once('close', () => {
      underWay.delete(response);
      if (!response.writableFinished) controller.abort(new Failure('unavailable', 'The sender has gone'));
    });
    const exchange = beginExchange(request, log, controller.signal);
    response.locals.exchange = exchange;
    response.set({ ...securityHeaders, 'x-request-id': exchange.requestId });
    if (shutdown.signal.aborted) response.set('connection', 'close');
    next();
  }

  function refuseWhileDraining(_request: Request, response: Response, next: NextFunction) {
    if (shutdown.signal.aborted) sendFailure(response, 503, toFailure(shutdown.signal.reason));
    else next();
  }

  async function authenticate(request: Request, response: Response, next: NextFunction) {
    try {
      response.locals.caller = await authenticator.verify(request.headers);
    } catch (thrown) {
      const failure = toFailure(thrown);
      const status = statusOfRefusal(failure);
      if (status === 503) exchangeOf(response).log.error('A sender could not be verified', { error: thrown });
      sendFailure(response, status, failure);
      return;
    }
    next();
  }

  shutdown.signal.addEventListener('abort', () => {
    for (const [response, controller] of underWay) {
      if (!response.headersSent) response.set('connection', 'close');
      controller.abort(shutdown.signal.reason);
    }
  });

  return {
    app,
    async listen(port, host = '127.0.0.1') {
      // Express makes the server: an import of `node:http` here would read all its members, and with them load Node's own undici, a sixth of
      // what a service takes to listen.
      const server = app.listen(port, host);
      // A whole request must arrive within a minute, its headers within ten seconds: a trickling sender holds no connection for long.
      Object.assign(server, { requestTimeout: 60_000, headersTimeout: 10_000, keepAliveTimeout: 65_000 });
      const address = await whenListening(server, port, host);
      const shell = {
        url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
        port: address.port,
        close,
      };
      shutdown.addIntake('http', close);
      return shell;

      async function close() {
        // Ends idle keep-alive connections too (Node 19 and later).
        server.close();
        await Promise.all([...underWay.keys()].map(whenClosed));
        server.closeAllConnections();
      }
    },
  };
}

function addDashboard(app: Express, { pages, people, origin }: Dashboard): void {
  if (people.links !== undefined) addSessionRoutes(app, people.links, origin);
  addPages(app, pages);
}

/** For answers that are data, never a page: nothing may be sniffed, framed, cached or run. */
const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'cache-control': 'no-store',
};

function requireRole(role: Caller['role']) {
  return (_request: Request, response: Response, next: NextFunction) => {
    if ((response.locals.caller as Caller).role === role) return next();
    sendFailure(
      response,
      403,
      new Failure('forbidden', 'Only a machine of ours may send here', { data: { role } }),
    );
  };
}

function decodeOrUndefined(request: Request): string | undefined {
  try {
    return readTextBody(request);
  } catch {
    return undefined;
  }
}

/** What express and its body reader throw: they carry an HTTP status. Anything else is a bug. */
function answerThrown(thrown: unknown, _request: Request, response: Response, _next: NextFunction): void {
  const status =
    thrown instanceof Error && 'status' in thrown && typeof thrown.status === 'number' ? thrown.status : 500;
  if (status === 413) {
    const limit = thrown instanceof Error && 'limit' in thrown ? { limit: thrown.limit } : {};
    return sendFailure(
      response,
      413,
      new Failure('too_large', 'The body is too large', { data: { ...limit, unit: 'bytes' } }),
    );
  }
  if (status === 415) {
    return sendError(
      response,
      415,
      protocolError('invalid_request', { expected: 'a body without content-encoding' }),
    );
  }
  if (status < 500) return sendError(response, status, protocolError('invalid_request'));
  exchangeOf(response).log.error('A request failed for a fault of ours', { error: thrown });
  sendFailure(response, 500, new Failure('internal', 'A request failed for a fault of ours'));
}

function whenClosed(response: Response): Promise<void> {
  return new Promise((resolve) => response.once('close', resolve));
}

function whenListening(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        new Failure('config_invalid', 'Cannot listen there', {
          data: { host, port, reason: cause.code },
          cause,
        }),
      );
    });
    // Listening on a port yields an AddressInfo; text is for sockets in the file system.
    server.once('listening', () => resolve(server.address() as AddressInfo));
  });
}
