import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '@flotilla/substrate/clock/clock';
import { Failure } from '@flotilla/substrate/failure';
import { z } from 'zod';
import { waitUntilSilent } from './wait-until-ready.ts';
import { writeWhole } from './write-whole.ts';

export interface PortChoice {
  readonly services: readonly string[];
  readonly home: string;
  /** The services get this port and the ones after it, in order of their names. */
  readonly base: number | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const KnownPorts = z.record(z.string(), z.int());

/** Where the first fleet of a machine looks for ports first. */
const firstPort = 4101;

/** After a kill -9 the services of the fleet before need a moment to notice that they are orphans, and to let go of their ports. */
const orphansMs = 12_000;

/**
 * A port for each service. A home keeps its ports, since queued tasks name them: another start finds them again, and waits where the
 * fleet before still has them. Fails with `config_invalid` when a port that was asked for is taken.
 */
export async function choosePorts({
  services,
  home,
  base,
  clock,
  signal,
}: PortChoice): Promise<Readonly<Record<string, number>>> {
  const path = join(home, 'ports.json');
  const known = readKnown(path);
  await Promise.all(
    Object.values(known).map((port) => waitUntilSilent(`http://127.0.0.1:${port}`, orphansMs, clock, signal)),
  );
  const ports = base === undefined ? await choose(services, known) : await requirePorts(services, base);
  writeWhole(path, `${JSON.stringify(ports)}\n`);
  return ports;
}

/** Ports that nobody uses at this moment; for fleets that live shortly beside others. */
export async function findFreePorts(services: readonly string[]): Promise<Readonly<Record<string, number>>> {
  // All are held until all are found, so that none is found twice.
  const servers = services.map(() => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return Object.fromEntries(services.map((name, index) => [name, ports[index] ?? 0]));
}

async function choose(
  services: readonly string[],
  known: Readonly<Record<string, number>>,
): Promise<Record<string, number>> {
  const ports: Record<string, number> = {};
  for (const name of services) {
    const kept = known[name];
    const taken = new Set([...Object.values(ports), ...Object.values(known)]);
    ports[name] = kept !== undefined && (await isFree(kept)) ? kept : await findFrom(firstPort, taken);
  }
  return ports;
}

async function findFrom(first: number, taken: ReadonlySet<number>): Promise<number> {
  let port = first;
  while (taken.has(port) || !(await isFree(port))) port += 1;
  return port;
}

async function requirePorts(services: readonly string[], base: number): Promise<Record<string, number>> {
  const ports = Object.fromEntries(services.map((name, index) => [name, base + index]));
  for (const [service, port] of Object.entries(ports)) {
    if (port <= 65_535 && (await isFree(port))) continue;
    throw new Failure('config_invalid', 'A port that was asked for is not free', {
      data: { service, port, advice: 'Choose another --port-base, or leave it out.' },
    });
  }
  return ports;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  await once(server.close(), 'close');
  return true;
}

function readKnown(path: string): Readonly<Record<string, number>> {
  try {
    return KnownPorts.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {};
  }
}
