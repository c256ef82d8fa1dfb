import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createManualClock } from '@flotilla/substrate/clock/clock.manual';
import { afterEach, expect, test, vi } from 'vitest';
import { waitUntilSilent } from './wait-until-ready.ts';

const { signal } = new AbortController();
const patience = { timeout: 10_000 };
let server: Server;

afterEach(() => server.closeAllConnections());

test('a service too busy to answer is not silent yet; one that let go of its port is', async () => {
  const clock = createManualClock();
  const asked: ServerResponse[] = [];
  const url = await listen((response) => asked.push(response));
  let isSilent = false;

  const silent = waitUntilSilent(url, 60_000, clock, signal).then(() => {
    isSilent = true;
  });
  await vi.waitFor(() => expect(asked).toHaveLength(1), patience);
  await clock.advance(2_000);
  await vi.waitFor(() => expect(clock.sleeping).toBe(1), patience);
  await clock.advance(50);
  await vi.waitFor(() => expect(asked).toHaveLength(2), patience);
  expect(isSilent).toBe(false);

  server.close();
  server.closeAllConnections();

  await silent;
});

test('somebody else, on the port, is not waited for', async () => {
  const url = await listen((response) => response.writeHead(404).end());

  await expect(waitUntilSilent(url, 60_000, createManualClock(), signal)).resolves.toBeUndefined();
});

async function listen(answer: (response: ServerResponse) => void): Promise<string> {
  server = createServer((_request, response) => answer(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
