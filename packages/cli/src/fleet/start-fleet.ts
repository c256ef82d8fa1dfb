import type { Clock } from '@flotilla/substrate/clock/clock';
import type { FleetStack } from '../stack/fleet-stack.ts';
import type { FoundService } from './find-services.ts';
import { type FleetFile, removeFleetFile, writeFleetFile } from './fleet-file.ts';
import type { FleetHome } from './fleet-home.ts';
import { type SupervisorEvent, supervise } from './supervise.ts';

export interface FleetOptions {
  readonly home: FleetHome;
  readonly services: readonly FoundService[];
  readonly ports: Readonly<Record<string, number>>;
  readonly stack: Pick<FleetStack, 'environment'>;
  readonly node: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** Ends the start, not the fleet. */
  readonly interrupted: AbortSignal;
  readonly onLine: (service: string, line: string) => void;
  readonly onEvent: (event: SupervisorEvent) => void;
}

export interface RunningFleet {
  readonly token: string;
  readonly services: FleetFile['services'];
  /** Stops every process, cleanly where it lets itself be; then removes `dev.json`. */
  stop(): Promise<void>;
}

/** Starts one process a service and resolves when all are ready. Where one does not start, stops the others and fails with `unavailable`. */
export async function startFleet(options: FleetOptions): Promise<RunningFleet> {
  const { home, ports, clock, interrupted } = options;
  // One that was killed left its own behind.
  removeFleetFile(home.path);
  const urls = Object.fromEntries(
    options.services.map(({ name }) => [name, `http://127.0.0.1:${ports[name]}`]),
  );
  const pids = new Map<string, number>();
  let isComplete = false;

  function describe(): FleetFile['services'] {
    return Object.fromEntries(
      Object.entries(urls).map(([name, url]) => [name, { url, pid: pids.get(name) ?? 0 }]),
    );
  }

  function onEvent(event: SupervisorEvent): void {
    if (event.kind === 'ready') {
      pids.set(event.name, event.pid);
      if (isComplete) writeFleetFile(home.path, { token: home.token, services: describe() });
    }
    options.onEvent(event);
  }

  const supervised = options.services.map(({ name, entry, nodeFlags }) =>
    supervise({
      name,
      url: urls[name] ?? '',
      node: options.node,
      command: [...nodeFlags, entry],
      environment: {
        ...options.environment,
        PORT: String(ports[name]),
        ...options.stack.environment,
        FLOTILLA_SERVICES: JSON.stringify(urls),
        FLOTILLA_ALLOWED_HOSTS: '127.0.0.1,localhost',
        FLOTILLA_NIGHTLY_SPREAD_SECONDS: '0',
      },
      clock,
      onOutput: (line) => options.onLine(name, line),
      onErrorOutput: (line) => options.onLine(name, line),
      onEvent,
    }),
  );

  async function stop(): Promise<void> {
    isComplete = false;
    await Promise.all(supervised.map((one) => one.stop()));
    removeFleetFile(home.path);
  }

  try {
    await Promise.race([
      Promise.all(supervised.map(({ firstReady }) => firstReady)),
      whenAborted(interrupted),
    ]);
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  isComplete = true;
  writeFleetFile(home.path, { token: home.token, services: describe() });
  return {
    token: home.token,
    get services() {
      return describe();
    },
    stop,
  };
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
