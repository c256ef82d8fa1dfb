import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { buildDashboard } from '../fleet/build-dashboard.ts';
import { choosePorts } from '../fleet/choose-ports.ts';
import { chooseServices, platformServices } from '../fleet/choose-services.ts';
import { type FoundService, findServices } from '../fleet/find-services.ts';
import { fleetFilePath } from '../fleet/fleet-file.ts';
import { type FleetHome, openFleetHome } from '../fleet/fleet-home.ts';
import { openMailbox } from '../fleet/mailbox.ts';
import { type RunningFleet, startFleet } from '../fleet/start-fleet.ts';
import type { SupervisorEvent } from '../fleet/supervise.ts';
import type { Host } from '../host.ts';
import { command } from '../output/command-line.ts';
import { renderTable } from '../output/table.ts';
import type { Colors } from '../output/terminal.ts';
import { type StackName, stackOption, startStack } from '../stack/fleet-stack.ts';
import { type FleetFlags, homeOption, jsonOption, wholeNumber } from './command-options.ts';
import { commandOn, homePath } from './open-fleet.ts';

interface DevFlags extends FleetFlags {
  readonly stack: StackName;
  readonly portBase?: number;
  readonly services?: readonly string[];
  readonly folder?: string;
}

export function addDev(program: Command, host: Host): void {
  program
    .command('dev')
    .summary('run the fleet on this machine')
    .description(
      'Runs the fleet on this machine: one process a service, embedded databases and queues. A service that crashes is started again. Ctrl-C stops everything; what is stored stays.',
    )
    .addOption(homeOption())
    .option(
      '--port-base <n>',
      'the first of the ports, one a service; without it a home keeps those of its first start',
      wholeNumber(1, 65_535),
    )
    .option(
      '--services <names>',
      'only these vendors, such as oneroster,clever, beside control and warehouse (default: all)',
      (text) => text.split(',').map((name) => name.trim()),
    )
    .addOption(stackOption())
    .option('--folder <dir>', 'the folder with the services (default: services/ in the repository)')
    .addOption(jsonOption())
    .action((flags: DevFlags) => runDev(host, flags));
}

async function runDev(host: Host, flags: DevFlags): Promise<void> {
  const { terminal } = host;
  const found = findServices(
    flags.folder === undefined ? join(host.repository, 'services') : resolve(host.cwd, flags.folder),
  );
  const services = chooseServices(found, flags.services);
  const home = openFleetHome(homePath(host, flags.home));
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => home.release());
  try {
    const fleet = await start(host, flags, home, services, cleanup);
    if (flags.json) {
      const file = fleetFilePath(home.path);
      terminal.print(JSON.stringify({ home: home.path, file, services: fleet.services }));
    } else terminal.print(describeFleet(fleet, home, commandOn(flags, 'open'), terminal.colors));
    await whenInterrupted(host);
    terminal.note('Stopping ...');
    await fleet.stop();
    terminal.note(
      flags.stack === 'embedded'
        ? 'Stopped. What is stored stays in the home.'
        : 'Stopped. What was stored was in the memory of the emulators, and is gone.',
    );
  } catch (thrown) {
    // The person stopped it before it was up.
    if (!host.interrupted.aborted) throw thrown;
  }
}

async function start(
  host: Host,
  flags: DevFlags,
  home: FleetHome,
  services: readonly FoundService[],
  cleanup: AsyncDisposableStack,
): Promise<RunningFleet> {
  const { terminal, clock, interrupted } = host;
  const names = services.map(({ name }) => name);
  const width = Math.max(...names.map((name) => name.length));
  const [stack, mailbox] = await Promise.all([
    startStack(flags.stack, host, home),
    openMailbox({
      home: home.path,
      clock,
      onMail(to, path) {
        terminal.note(flags.json ? JSON.stringify({ kind: 'mail', to, path }) : `A mail to ${to}: ${path}`);
      },
    }),
    buildDashboard(host),
  ]);
  cleanup.defer(stack.stop);
  cleanup.defer(mailbox.stop);
  return await startFleet({
    home,
    services,
    ports: await choosePorts({
      services: names,
      home: home.path,
      base: flags.portBase,
      clock,
      signal: interrupted,
    }),
    stack,
    node: host.node,
    environment: {
      LOG_FORMAT: flags.json ? 'json' : 'pretty',
      ...host.childEnvironment,
      ...mailbox.environment,
    },
    clock,
    interrupted,
    onLine(name, line) {
      terminal.note(flags.json ? line : `${terminal.colors.cyan(name.padEnd(width))} ${line}`);
    },
    onEvent(event) {
      const line = describeEvent(event);
      if (line !== undefined && !interrupted.aborted)
        terminal.note(flags.json ? JSON.stringify(event) : line);
    },
  });
}

/** The first start of each service is told by the table. */
function describeEvent(event: SupervisorEvent): string | undefined {
  if (event.kind === 'started') return undefined;
  if (event.kind === 'crashed')
    return `${event.name} ended (${event.how}); it is started again in ${event.waitMs} ms`;
  return event.isRestart ? `${event.name} is back (process ${event.pid})` : undefined;
}

function describeFleet({ services }: RunningFleet, home: FleetHome, open: string, colors: Colors): string {
  const rows = Object.entries(services).map(([name, { url, pid }]) => [colors.bold(name), url, String(pid)]);
  return [
    '',
    renderTable([{ title: 'service' }, { title: 'url' }, { title: 'process', align: 'right' }], rows, colors),
    '',
    `The fleet is up. Its token and addresses: ${fleetFilePath(home.path)}`,
    `In another terminal: ${open}   shows the dashboard`,
    `                     ${command('simulate', vendorIn(services))}   or   ${command('--help')}`,
    `Mails are not sent anywhere, but kept in ${join(home.path, 'mail')}`,
    'Ctrl-C stops it.',
    '',
  ].join('\n');
}

/** One of the vendors that the fleet has, as an example. */
function vendorIn(services: RunningFleet['services']): string {
  return Object.keys(services).find((name) => !platformServices.includes(name)) ?? 'VENDOR';
}

function whenInterrupted({ interrupted }: Host): Promise<void> {
  if (interrupted.aborted) return Promise.resolve();
  return new Promise((resolve) => interrupted.addEventListener('abort', () => resolve(), { once: true }));
}
