import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A refusal, as Google's JSON services make it. */
export class RestRefusal extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

export interface RestRequest {
  readonly method: string;
  /** Below the service's root, decoded: `['projects', 'p', 'datasets']`. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** Empty where none was sent. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface RestServer {
  readonly port: number;
  close(): Promise<void>;
}

export interface RestService {
  /** Such as `/bigquery/v2/`. */
  readonly root: string;
  readonly port: number;
  readonly maximumBytes: number;
  answer(request: RestRequest): Promise<object>;
}

/** Serves on this machine alone, without TLS. */
export async function serveRest({ root, port, maximumBytes, answer }: RestService): Promise<RestServer> {
  async function exchange(
    request: IncomingMessage,
  ): Promise<{ readonly status: number; readonly body: object }> {
    try {
      const bytes = await readBody(request, maximumBytes);
      const url = new URL(request.url ?? '', 'http://localhost');
      if (!url.pathname.startsWith(root)) throw new RestRefusal(404, 'notFound', 'Method not found.');
      const path = url.pathname.slice(root.length).split('/').map(decodeURIComponent);
      const body = readJson(bytes);
      return {
        status: 200,
        body: await answer({ method: request.method ?? '', path, query: url.searchParams, body }),
      };
    } catch (thrown) {
      return refusalToAnswer(thrown);
    }
  }

  const server = createServer((request, response) => {
    void exchange(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Reads on to the end of what is too large, as Google's front does: a client that is cut off would see a broken connection. */
async function readBody(request: IncomingMessage, maximumBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maximumBytes) chunks.push(chunk);
  }
  if (size > maximumBytes) {
    throw new RestRefusal(400, '', `Request payload size exceeds the limit: ${maximumBytes} bytes.`);
  }
  return Buffer.concat(chunks);
}

function readJson(bytes: Buffer): Readonly<Record<string, unknown>> {
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(bytes.toString()) as Readonly<Record<string, unknown>>;
  } catch {
    throw new RestRefusal(400, 'parseError', 'Invalid JSON payload received.');
  }
}

/** https://google.aip.dev/193, with the older `errors` beside it; refusals of the front itself have none. */
function refusalToAnswer(thrown: unknown): { readonly status: number; readonly body: object } {
  const { status, reason, message } =
    thrown instanceof RestRefusal ? thrown : new RestRefusal(500, 'internalError', String(thrown));
  const errors = reason === '' ? {} : { errors: [{ message, domain: 'global', reason }] };
  return {
    status,
    body: { error: { code: status, message, ...errors, status: statuses[status] ?? 'UNKNOWN' } },
  };
}

const statuses: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  413: 'INVALID_ARGUMENT',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};
