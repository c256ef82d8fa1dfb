import { join } from 'node:path';
import { systemClock } from '@flotilla/substrate/clock/clock.system';
import { useEmbeddedStack } from '../stack/embedded-stack.ts';
import { findFreePorts } from './choose-ports.ts';
import { type ConnectedCustomer, connectCustomer } from './connect-customer.ts';
import { connectFleet, type Fleet } from './connect-fleet.ts';
import { findServices } from './find-services.ts';
import { openFleetHome } from './fleet-home.ts';
import { type OwnProcess, startOwnProcess } from './own-process.ts';
import { startFleet } from './start-fleet.ts';

const repository = join(import.meta.dirname, '../../../..');
export const services = ['control', 'oneroster', 'warehouse'] as const;
export type Victim = (typeof services)[number] | 'provider';

const neverAborted = new AbortController().signal;

const environment: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? '',
  NODE_COMPILE_CACHE: join(repository, 'node_modules', '.cache', 'compile'),
  LOG_LEVEL: 'info',
};

export type ProcessState = 'down' | 'starting' | 'ready';

/** A simulated OneRoster provider that can be killed and comes back as it was, at the same address. */
export interface KillableProvider {
  readonly baseUrl: string;
  readonly state: ProcessState;
  kill(): void;
  /** Starts it again, edited as often as it was, or as often as `nights` says. */
  start(nights?: number): Promise<void>;
  stop(): Promise<void>;
}

export function createProvider(port: number): KillableProvider {
  let own: OwnProcess | undefined;
  let state: ProcessState = 'down';
  let edited = 0;

  async function start(nights = edited): Promise<void> {
    edited = nights;
    await own?.stop();
    const listening = Promise.withResolvers<void>();
    const complaints: string[] = [];
    state = 'starting';
    own = startOwnProcess({
      node: process.execPath,
      command: [join(import.meta.dirname, 'kill-provider.child.ts'), String(port), String(nights)],
      environment,
      clock: systemClock,
      onOutput: () => listening.resolve(),
      onErrorOutput: (line) => complaints.push(line),
    });
    void own.ended.then(({ description }) =>
      listening.reject(new Error(`The provider does not start: ${description}, ${complaints.join('\n')}`)),
    );
    await listening.promise;
    state = 'ready';
  }

  return {
    baseUrl: `http://127.0.0.1:${port}`,
    get state() {
      return state;
    },
    start,
    kill() {
      if (own !== undefined) process.kill(own.pid, 'SIGKILL');
      state = 'down';
    },
    stop: async () => own?.stop(),
  };
}

/** A fleet of real services whose processes can be killed. */
export interface KillableFleet extends Fleet {
  readonly home: string;
  stateOf(service: string): ProcessState;
  kill(service: string): void;
  readonly log: readonly string[];
  stop(): Promise<void>;
}

export async function startKillableFleet(path: string, sliceSeconds: number): Promise<KillableFleet> {
  const home = openFleetHome(path);
  const pids = new Map<string, number>();
  const states = new Map<string, ProcessState>();
  const log: string[] = [];
  const running = await startFleet({
    home,
    services: findServices(join(repository, 'services')).filter(({ name }) =>
      services.some((one) => one === name),
    ),
    ports: await findFreePorts(services),
    stack: useEmbeddedStack(home),
    node: process.execPath,
    environment: { ...environment, FLOTILLA_SLICE_SECONDS: String(sliceSeconds) },
    clock: systemClock,
    interrupted: neverAborted,
    onLine: (name, line) => log.push(`${name} ${line}`),
    onEvent(event) {
      if (event.kind === 'crashed') return;
      pids.set(event.name, event.pid);
      states.set(event.name, event.kind === 'started' ? 'starting' : 'ready');
    },
  });
  const fleet = connectFleet(
    { token: running.token, services: running.services },
    { clock: systemClock, signal: neverAborted },
  );
  return {
    ...fleet,
    control: fleet.control,
    home: path,
    log,
    stateOf: (service) => states.get(service) ?? 'down',
    kill(service) {
      const pid = pids.get(service);
      if (pid !== undefined && states.get(service) !== 'down') process.kill(pid, 'SIGKILL');
      // At once: the supervisor hears of it later.
      states.set(service, 'down');
    },
    async stop() {
      await running.stop();
      home.release();
    },
  };
}

/** Connects a customer of this name to the provider. */
export function connect(fleet: Fleet, customerId: string, baseUrl: string): Promise<ConnectedCustomer> {
  return connectCustomer(fleet, {
    customerId,
    name: undefined,
    timeZone: undefined,
    vendor: 'oneroster',
    integrationId: undefined,
    connection: { baseUrl, version: '1.2' },
    credential: { type: 'oauth2', clientId: 'flotilla', clientSecret: 'a+secret/with=characters' },
  });
}
