import { systemClock } from '../clock/clock.system.ts';
import { readConfigOrExit } from '../config/config.ts';
import { createLog } from '../observability/create-log.ts';
import { createSecrets } from '../observability/secrets.ts';
import type { OtlpTracerOptions } from '../observability/tracing.otlp.ts';
import type { Tracer } from '../observability/tracing.ts';
import { createDispatcher } from '../rpc/create-dispatcher.ts';
import type { Vendor } from '../vendor/define-vendor.ts';
import { localSettings, mailSettingsIn, serviceUrlIn, stackSetting } from './fleet-settings.ts';
import { googleSettings } from './google-settings.ts';
import { createHttpShell, type Dashboard } from './http-shell.ts';
import { admitPeople } from './people/admit-people.ts';
import type { ServiceDefinition } from './service-definition.ts';
import { createShutdown, exitOnSignals, type Shutdown } from './shutdown.ts';
import type { Stack, StackParts } from './stack.ts';
import { traceParts } from './traced-parts.ts';
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
  const { config, openStack } = chooseStack();
  const clock = systemClock;
  const secrets = createSecrets();
  const projectId = 'project' in config ? { projectId: config.project } : {};
  const log = createLog({
    ...projectId,
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

  const [stack, tracer] = await Promise.all([
    openStack({ clock, log, secrets, definition }),
    config.tracesTo === undefined
      ? undefined
      : openTracer({
          ...projectId,
          service: definition.name,
          version,
          endpoint: config.tracesTo,
          ratio: config.tracesRatio,
          clock,
        }),
  ]);
  const { store, vault } = stack.platform;
  const serviceUrl = serviceUrlIn(config.services);
  const dashboard = openDashboard(
    stack,
    definition,
    () => config.dashboardUrl ?? serviceUrl(definition.name),
  );
  const service = await definition.open({
    store,
    vault,
    ...traceParts(stack.platform),
    clock,
    log,
    secrets,
    peers: stack.peers,
    serviceUrl,
    deployed: Object.keys(config.services),
    signInLinks: dashboard?.people.links,
    fleet: { stack: config.stack, version, dashboardUrl: config.dashboardUrl ?? dashboard?.origin },
    settings: {
      allowedHosts: config.allowedHosts,
      sliceMs: config.sliceSeconds * 1000,
      nightlySpreadMs: config.nightlySpreadSeconds * 1000,
      mail: mailSettingsIn(config),
    },
  });
  const { methods, context, taskRoutes = {}, pushRoutes = {}, queues = [] } = service;
  const deadTasks = stack.keepDead?.(queues);
  const shell = createHttpShell({
    dispatch: createDispatcher({ service: definition.name, version, methods, context, secrets }),
    authenticator:
      dashboard === undefined
        ? stack.authenticator
        : admitPeople(stack.authenticator, dashboard.people, dashboard.origin),
    dashboard,
    // Sent by Cloud Scheduler where the stack does not sweep itself.
    taskRoutes: { ...taskRoutes, sweep },
    pushRoutes,
    ...(deadTasks === undefined ? {} : { deadTasks }),
    shutdown,
    log,
    clock,
    tracer,
  });
  const { url } = await shell.listen(config.port, config.host);
  shutdown.addCloser('service', async () => service.close?.());
  if (tracer !== undefined) shutdown.addCloser('tracer', () => tracer.close());
  shutdown.addCloser('platform', () => stack.platform.close());
  await stack.attach(service, url, shutdown);
  if (stack.sweepsItself) void sweepForEver();
  log.info('Listening', { url });

  async function sweep(): Promise<void> {
    await service.sweep?.(shutdown.signal);
    // Spanner does this by itself, but for its emulator.
    if (stack.sweepsItself) await store.deleteExpired(clock.now());
  }

  async function sweepForEver(): Promise<void> {
    while (!shutdown.signal.aborted) {
      await sweep().catch((error: unknown) => log.error('A sweep failed', { error }));
      await clock.sleep(sweepMs, shutdown.signal).catch(() => undefined);
    }
  }
}

/** The service's pages, where it has any and people are let in. */
function openDashboard(
  stack: Stack,
  { pages }: Pick<ServiceDefinition<never>, 'pages'>,
  findOrigin: () => string,
): Dashboard | undefined {
  if (pages === undefined) return undefined;
  const origin = findOrigin();
  const people = stack.openPeople(origin);
  return people === undefined ? undefined : { pages, people, origin };
}

async function openTracer(options: OtlpTracerOptions): Promise<Tracer> {
  return (await import('../observability/tracing.otlp.ts')).openOtlpTracer(options);
}

/** Each stack has settings of its own, and is loaded only where it is meant. */
function chooseStack() {
  if (readConfigOrExit(stackSetting).stack === 'google') {
    const config = readConfigOrExit(googleSettings);
    return {
      config,
      openStack: async (parts: StackParts) =>
        (await import('./stack.google.ts')).openGoogleStack(config, parts),
    };
  }
  const config = readConfigOrExit(localSettings);
  return {
    config,
    openStack: async (parts: StackParts) => (await import('./stack.local.ts')).openLocalStack(config, parts),
  };
}

/** A parent that is killed cannot say so, but the pipe that it held open ends. */
function endWithParent(shutdown: Shutdown): void {
  process.stdin.on(
    'end',
    () => void shutdown.begin('the parent has gone').then((code) => process.exit(code)),
  );
  process.stdin.resume();
}
