import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@flotilla/substrate/clock/clock.system';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { choosePorts, findFreePorts } from './choose-ports.ts';

let home: string;
let held: Server[] = [];
const patience = { clock: systemClock, signal: new AbortController().signal };

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'flotilla-ports-'));
});

afterEach(() => {
  for (const server of held) server.close();
  held = [];
  rmSync(home, { recursive: true, force: true });
});

test('a home keeps its ports, also when a service joins', async () => {
  const first = await choosePorts({ services: ['control', 'warehouse'], home, base: undefined, ...patience });
  const second = await choosePorts({
    services: ['clever', 'control', 'warehouse'],
    home,
    base: undefined,
    ...patience,
  });

  expect(second).toMatchObject(first);
  expect(new Set(Object.values(second)).size).toBe(3);
});

test('a service whose port somebody else took gets another one', async () => {
  const first = await choosePorts({ services: ['control'], home, base: undefined, ...patience });
  await hold(first.control ?? 0);

  const second = await choosePorts({ services: ['control'], home, base: undefined, ...patience });

  expect(second.control).not.toBe(first.control);
});

test('ports that are asked for are given in order of the names, or refused by name', async () => {
  const { a = 0 } = await findFreePorts(['a']);

  expect(await choosePorts({ services: ['control'], home, base: a, ...patience })).toEqual({ control: a });
  const port = await hold(0);
  await expect(choosePorts({ services: ['control'], home, base: port, ...patience })).rejects.toMatchObject({
    code: 'config_invalid',
    data: { service: 'control', port },
  });
  await expect(choosePorts({ services: ['a', 'b'], home, base: 65_535, ...patience })).rejects.toMatchObject({
    code: 'config_invalid',
  });
});

test('free ports are different ones', async () => {
  const ports = await findFreePorts(['a', 'b', 'c', 'd']);

  expect(new Set(Object.values(ports)).size).toBe(4);
});

async function hold(port: number): Promise<number> {
  const server = createServer((_request, response) => response.writeHead(404).end()).listen(
    port,
    '127.0.0.1',
  );
  held.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
