import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../clock/clock.system.ts';
import type { Clock } from '../clock/clock.ts';

/** For tests: an HTTP server that records what is pushed to it and answers as told. */
export interface TestReceiver {
  readonly url: string;
  readonly received: readonly ReceivedPush[];
  close(): Promise<void>;
}

export interface ReceivedPush {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  readonly at: number;
  /** Aborts when the sender no longer waits for the answer. */
  readonly gone: AbortSignal;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** `answer` may take its time, or return 'hang up' to break the connection. */
export async function startTestReceiver(
  answer: (push: ReceivedPush) => TestAnswer | 'hang up' | Promise<TestAnswer | 'hang up'>,
  clock: Clock = systemClock,
): Promise<TestReceiver> {
  const received: ReceivedPush[] = [];
  const server = createServer((request, response) => {
    void handle(request, response);
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // The sender was killed.
    }
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const { headers } = request;
    const push = { path: request.url ?? '', headers, body, at: clock.now(), gone: gone.signal };
    received.push(push);
    const told = await answer(push);
    if (told === 'hang up') request.socket.destroy();
    else response.writeHead(told.status, told.headers).end(told.body ?? '');
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  function close(): Promise<void> {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  }

  return { url: `http://127.0.0.1:${port}`, received, close };
}
