import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePorts } from '../fleet/choose-ports.ts';
import { platformServices } from '../fleet/choose-services.ts';
import { findServices } from '../fleet/find-services.ts';
import { openFleetHome } from '../fleet/fleet-home.ts';
import { openMailbox } from '../fleet/mailbox.ts';
import { type RunningFleet, startFleet } from '../fleet/start-fleet.ts';
import type { Host } from '../host.ts';
import { type FleetStack, type StackName, startStack } from '../stack/fleet-stack.ts';
import { type DemoSystem, startSystem, systemsAmong } from './demo-systems.ts';
import { type SimulatedProvider, startProvider } from './simulated-provider.ts';

/** The two districts of the demo: between them they use both versions and both ways of authentication. `size`: of the larger one. */
const districts = [
  {
    customerId: 'maple-valley',
    name: 'Maple Valley Schools',
    version: '1.1',
    auth: 'oauth1',
    seed: 1,
    size: 1,
  },
  {
    customerId: 'cedar-ridge',
    name: 'Cedar Ridge Schools',
    version: '1.2',
    auth: 'oauth2',
    seed: 2,
    size: 2 / 3,
  },
] as const;

export type DemoDistrict = (typeof districts)[number] & { readonly provider: SimulatedProvider };

export interface DemoChoices {
  readonly students: number;
  /** Whether the home outlasts the demo. */
  readonly keep: boolean;
  /** Whether somebody will use it afterwards: then its mails are kept as files, for want of a mail server. */
  readonly stay: boolean;
  readonly stack: StackName;
}

export interface DemoFleet {
  readonly home: string;
  readonly stack: FleetStack;
  /** What all services log. */
  readonly log: string;
  readonly running: RunningFleet;
  readonly districts: readonly DemoDistrict[];
  /** The several systems of one more district. */
  readonly systems: readonly DemoSystem[];
}

/** Starts everything at once, in a temporary home. Whatever was started is added to `cleanup`, also where a start fails. */
export async function startDemoFleet(
  host: Host,
  { students, keep, stay, stack: stackName }: DemoChoices,
  cleanup: AsyncDisposableStack,
): Promise<DemoFleet> {
  const home = openFleetHome(mkdtempSync(join(tmpdir(), 'flotilla-demo-')));
  cleanup.defer(async () => {
    home.release();
    if (!keep) rmSync(home.path, { recursive: true, force: true });
  });
  const found = findServices(join(host.repository, 'services'));
  const chosen = systemsAmong(found.map(({ name }) => name));
  const demoServices = [
    ...new Set([...platformServices, 'oneroster', ...chosen.map(({ vendor }) => vendor)]),
  ];
  const services = found.filter(({ name }) => demoServices.includes(name));
  const log = join(home.path, 'services.log');

  function onMail(to: string, path: string): void {
    host.terminal.note(`A mail to ${to}: ${path}`);
  }

  async function startServices(): Promise<readonly [RunningFleet, FleetStack]> {
    const stack = await startStack(stackName, host, home);
    cleanup.defer(stack.stop);
    const mailbox = stay ? await openMailbox({ home: home.path, clock: host.clock, onMail }) : undefined;
    if (mailbox !== undefined) cleanup.defer(mailbox.stop);
    const running = await startFleet({
      home,
      services,
      stack,
      ports: await findFreePorts(demoServices),
      node: host.node,
      environment: { LOG_FORMAT: 'pretty', ...host.childEnvironment, ...mailbox?.environment },
      clock: host.clock,
      interrupted: host.interrupted,
      onLine: (name, line) => appendFileSync(log, `${name} ${line}\n`),
      onEvent: (event) => appendFileSync(log, `demo ${JSON.stringify(event)}\n`),
    });
    cleanup.defer(running.stop);
    return [running, stack] as const;
  }

  async function startDistrict(district: (typeof districts)[number]): Promise<DemoDistrict> {
    const { version, auth, seed, size } = district;
    const provider = await startProvider(host, {
      vendor: 'oneroster',
      choices: { version, auth },
      seed,
      students: Math.ceil(students * size),
    });
    cleanup.defer(provider.stop);
    return { ...district, provider };
  }

  const [[running, stack], started, systems] = await settle([
    startServices(),
    settle(districts.map(startDistrict)),
    settle(chosen.map((system) => startSystem(host, system, cleanup))),
  ] as const);
  return { home: home.path, stack, log, running, districts: started, systems };
}

/** Like Promise.all, but waits for all: what starts late must be in the cleanup before a failure is told. */
async function settle<Parts extends readonly unknown[]>(
  parts: Parts,
): Promise<{ readonly [Index in keyof Parts]: Awaited<Parts[Index]> }> {
  await Promise.allSettled(parts);
  return await Promise.all(parts);
}
