import type { Agent, Dispatcher } from 'undici';
import type { Clock } from '../clock/clock.ts';
import { Failure } from '../failure/failure.ts';
import type { AddressGuard } from './address-guard.ts';
import { toConnectionFailure } from './connection-failure.ts';
import { acceptedEncodings, decodeBody } from './decode-body.ts';
import type { Transport, TransportRequest, TransportResponse } from './transport.ts';
import type { Timeouts } from './vendor-client.ts';

export interface UndiciTransportOptions {
  readonly guard: AddressGuard;
  readonly timeouts: Timeouts;
  readonly maxResponseBytes: number;
  /** Connections kept open at most, an origin. */
  readonly connections: number;
  readonly clock: Clock;
}

/** Keep-alive connections over HTTP/1.1. Not one adapter of two: the tests go the same way, to servers on loopback. */
export function createUndiciTransport(options: UndiciTransportOptions): Transport {
  const { guard, clock, timeouts, maxResponseBytes } = options;
  let opening: Promise<Agents> | undefined;

  async function send(request: TransportRequest): Promise<TransportResponse> {
    guard.assertUrl(request.url);
    request.signal?.throwIfAborted();
    const timer = new AbortController();
    const timeUp = clock.sleep(timeouts.total, timer.signal).then(
      () =>
        stop.abort(
          new Failure('vendor_unavailable', 'The answer took too long', {
            data: { problem: 'total_timeout' },
          }),
        ),
      () => undefined,
    );
    const stop = new AbortController();
    const signal =
      request.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, request.signal]);
    try {
      opening ??= openAgents(options);
      const { exempt, guarded } = await opening;
      // The library may have taken its time to load.
      signal.throwIfAborted();
      return await exchange(
        guard.isExempt(request.url) ? exempt : guarded,
        request,
        signal,
        maxResponseBytes,
      );
    } catch (thrown) {
      signal.throwIfAborted();
      throw toConnectionFailure(thrown);
    } finally {
      timer.abort();
      await timeUp;
    }
  }

  return {
    send,
    close: async () => {
      const agents = await opening;
      await Promise.all([agents?.guarded.destroy(), agents?.exempt.destroy()]);
    },
  };
}

interface Agents {
  readonly guarded: Agent;
  readonly exempt: Agent;
}

/** The library is loaded for the first request: a tenth of what a service takes to listen. */
async function openAgents({ guard, timeouts, connections }: UndiciTransportOptions): Promise<Agents> {
  const { Agent: NewAgent } = await import('undici');
  function open(connect: { lookup?: AddressGuard['lookup'] }): Agent {
    return new NewAgent({
      connections,
      pipelining: 1,
      // One connection per request under way is what `concurrent` promises the vendor; HTTP/2 would hide resets in one.
      allowH2: false,
      connect: { ...connect, timeout: timeouts.connect },
      headersTimeout: timeouts.headers,
      bodyTimeout: timeouts.idle,
    });
  }
  return { guarded: open({ lookup: guard.lookup }), exempt: open({}) };
}

async function exchange(
  agent: Agent,
  { method, url, headers, body }: TransportRequest,
  signal: AbortSignal,
  maxBytes: number,
): Promise<TransportResponse> {
  const response = await agent.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method,
    headers: { 'accept-encoding': acceptedEncodings, ...headers },
    ...(body === undefined ? {} : { body }),
    signal,
  });
  const flat = flattenHeaders(response.headers);
  const raw = await readBody(response, flat, maxBytes);
  return {
    status: response.statusCode,
    headers: flat,
    body: await decodeBody(raw, flat['content-encoding'], maxBytes),
  };
}

async function readBody(
  { body }: Dispatcher.ResponseData,
  headers: Readonly<Record<string, string>>,
  maxBytes: number,
): Promise<Uint8Array> {
  const tooLarge = new Failure('too_large', 'The answer is larger than the limit', {
    data: { problem: 'body_too_large', maxBytes },
  });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop destroys the stream and its connection: the rest is not downloaded.
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes || Number(headers['content-length']) > maxBytes) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

function flattenHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = typeof value === 'string' ? value : value.join(', ');
  }
  return flat;
}
