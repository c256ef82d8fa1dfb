import { systemClock } from '../clock/clock.system.ts';
import { type Config, readConfigOrExit } from '../config/config.ts';
import { createLog } from '../observability/create-log.ts';
import { createSecrets } from '../observability/secrets.ts';
import { createDispatcher } from '../rpc/create-dispatcher.ts';
import type { Vendor } from '../vendor/define-vendor.ts';
import { createLocalAuthenticator, deriveToken } from './authenticate.local.ts';
import { fleetSettings, serviceUrlIn } from './fleet-settings.ts';
import { createHttpShell } from './http-shell.ts';
import { type LocalPlatform, openLocalPlatform } from './platform.local.ts';
import type { Service, ServiceDefinition } from './service-definition.ts';
import { createShutdown, exitOnSignals, type Shutdown } from './shutdown.ts';
import { vendorService } from './vendor-service.ts';
import { version } from './version.ts';

/** How often a service looks for work that was lost. */
const sweepMs = 5 * 60_000;

/** The process of a vendor's service. Resolves when it listens; the process ends by signal. */
export function serve(vendor: Vendor): Promise<void> {
  return serveService(vendorService(vendor));
}

/** The composition root: settings, log, adapters, methods, door, and the order in which they end. */
export async function serveService<Context>(definition: ServiceDefinition<Context>): Promise<void> {
  const config = readConfigOrExit(fleetSettings);
  const clock = systemClock;
  const secrets = createSecrets();
  secrets.add(config.token, deriveToken(config.token, 'tasks'), deriveToken(config.token, 'push'));
  const log = createLog({
    service: definition.name,
    version,
    clock,
    secrets,
    level: config.logLevel,
    format: config.logFormat,
    colours: process.stdout.isTTY ?? false,
  });
  const shutdown = createShutdown({ log, clock });
  exitOnSignals(shutdown, { log, clock });
  if (config.parent !== undefined) endWithParent(shutdown);

  const platform = await openLocalPlatform({
    home: config.home,
    clock,
    log,
    mayUnwrap: definition.mayUnwrap,
  });
  const { store, vault, tasks, bus, openWarehouse } = platform;
  const service = await definition.open({
    store,
    vault,
    tasks,
    bus,
    openWarehouse,
    clock,
    log,
    secrets,
    serviceUrl: serviceUrlIn(config.services),
    deployed: Object.keys(config.services),
    settings: {
      home: config.home,
      allowedHosts: config.allowedHosts,
      sliceMs: config.sliceSeconds * 1000,
      nightlySpreadMs: config.nightlySpreadSeconds * 1000,
    },
  });
  const { methods, context, taskRoutes = {}, pushRoutes = {} } = service;
  const shell = createHttpShell({
    dispatch: createDispatcher({ service: definition.name, version, methods, context, secrets }),
    authenticator: createLocalAuthenticator({ token: config.token }),
    taskRoutes,
    pushRoutes,
    shutdown,
    log,
    clock,
  });
  const { url } = await shell.listen(config.port, config.host);
  startPumps(service, platform, config, url, shutdown);
  shutdown.addCloser('service', async () => service.close?.());
  shutdown.addCloser('platform', () => platform.close());
  void sweepForEver();
  log.info('Listening', { url });

  async function sweep(): Promise<void> {
    await service.sweep?.(shutdown.signal);
    // Spanner does this by itself.
    await store.deleteExpired(clock.now());
  }

  async function sweepForEver(): Promise<void> {
    while (!shutdown.signal.aborted) {
      await sweep().catch((error: unknown) => log.error('A sweep failed', { error }));
      await clock.sleep(sweepMs, shutdown.signal).catch(() => undefined);
    }
  }
}

/** Locally the service delivers its own tasks and messages, as Cloud Tasks and Pub/Sub would from outside. */
function startPumps<Context>(
  { queues = [], subscriptions = [] }: Service<Context>,
  { tasks, bus }: LocalPlatform,
  { token }: Config<typeof fleetSettings>,
  url: string,
  shutdown: Shutdown,
): void {
  if (queues.length > 0) {
    const dispatcher = tasks.startDispatcher({ queues, tokenFor: () => deriveToken(token, 'tasks') });
    shutdown.addIntake('task dispatcher', () => dispatcher.stop());
  }
  if (subscriptions.length > 0) {
    const pusher = bus.startPusher({
      subscriptions: subscriptions.map(({ route, ...settings }) => ({
        ...settings,
        pushUrl: `${url}/push/${route}`,
      })),
      tokenFor: () => deriveToken(token, 'push'),
    });
    shutdown.addIntake('message pusher', () => pusher.stop());
  }
}

/** A parent that is killed cannot say so, but the pipe that it held open ends. */
function endWithParent(shutdown: Shutdown): void {
  process.stdin.on(
    'end',
    () => void shutdown.begin('the parent has gone').then((code) => process.exit(code)),
  );
  process.stdin.resume();
}
