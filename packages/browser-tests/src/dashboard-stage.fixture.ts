import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runCli } from '@flotilla/cli/cli-process';
import { findFreePorts } from '@flotilla/cli/fleet/choose-ports';
import { connectFleet, type Fleet } from '@flotilla/cli/fleet/connect-fleet';
import { findServices } from '@flotilla/cli/fleet/find-services';
import { openFleetHome } from '@flotilla/cli/fleet/fleet-home';
import { startFleet } from '@flotilla/cli/fleet/start-fleet';
import { useEmbeddedStack } from '@flotilla/cli/stack/embedded-stack';
import { systemClock } from '@flotilla/substrate/clock/clock.system';
import type { Browser } from 'playwright-core';
import { z } from 'zod';
import { launchChromium } from './launch-chromium.ts';
import { type Mailbox, openMailbox } from './mailbox.fixture.ts';
import { openReader, type Reader, type WindowOptions } from './reader.ts';

const repository = join(import.meta.dirname, '../../..');
const services = ['control', 'oneroster', 'warehouse'];
const Link = z.object({ url: z.string() });
const neverAborted = new AbortController().signal;

/** A whole fleet on a home and ports of its own, the dashboard it serves, a mail server, and a browser. */
export interface DashboardStage {
  /** Where people reach the dashboard. */
  readonly origin: string;
  readonly fleet: Fleet;
  readonly mailbox: Mailbox;
  readonly browser: Browser;
  /** What the services logged, for tests that fail. */
  readonly log: readonly string[];
  /** The command line, on this fleet. */
  cli(
    ...args: readonly string[]
  ): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
  /** Somebody with a window of their own, signed in. */
  openReader(
    options?: WindowOptions & { readonly name?: string; readonly role?: 'admin' | 'viewer' },
  ): Promise<Reader>;
  close(): Promise<void>;
}

/** `chromium`: the program. Fails where the dashboard cannot be built, or a service does not start. */
export async function openDashboardStage(chromium: string): Promise<DashboardStage> {
  const cleanup = new AsyncDisposableStack();
  const log: string[] = [];
  try {
    return await open(chromium, log, cleanup);
  } catch (cause) {
    await cleanup.disposeAsync();
    throw new Error(`The stage does not stand up:\n${log.slice(-20).join('\n')}`, { cause });
  }
}

async function open(chromium: string, log: string[], cleanup: AsyncDisposableStack): Promise<DashboardStage> {
  const path = mkdtempSync(join(tmpdir(), 'flotilla-dashboard-'));
  cleanup.defer(() => rmSync(path, { recursive: true, force: true }));
  const home = openFleetHome(path);
  cleanup.defer(() => home.release());
  const mailbox = await openMailbox();
  cleanup.defer(mailbox.close);
  const [running, browser] = await Promise.all([
    startServices(home, mailbox, log, cleanup),
    launchChromium(chromium, cleanup),
    buildDashboard(),
  ]);
  const fleet = connectFleet(
    { token: running.token, services: running.services },
    { clock: systemClock, signal: neverAborted },
  );
  const origin = running.services['control']?.url ?? '';

  async function cli(...args: readonly string[]) {
    const [command = '', ...rest] = args;
    return await runCli([command, '--home', path, ...rest]);
  }

  return {
    origin,
    fleet,
    mailbox,
    browser,
    log,
    cli,
    async openReader({ name = 'Ana Alvarez', role = 'admin', ...window } = {}) {
      const { url } = await fleet.control.call('signIn.createLink.v1', { name, role }, Link);
      return await openReader(browser, url, window);
    },
    close: () => cleanup.disposeAsync(),
  };
}

async function startServices(
  home: ReturnType<typeof openFleetHome>,
  mailbox: Mailbox,
  log: string[],
  cleanup: AsyncDisposableStack,
) {
  const running = await startFleet({
    home,
    services: findServices(join(repository, 'services')).filter(({ name }) => services.includes(name)),
    ports: await findFreePorts(services),
    stack: useEmbeddedStack(home),
    node: process.execPath,
    environment: {
      PATH: process.env['PATH'] ?? '',
      NODE_COMPILE_CACHE: join(repository, 'node_modules', '.cache', 'compile'),
      LOG_FORMAT: 'pretty',
      FLOTILLA_SMTP_URL: mailbox.url,
      FLOTILLA_MAIL_FROM: 'Flotilla <flotilla@district.example>',
    },
    clock: systemClock,
    interrupted: neverAborted,
    onLine: (name, line) => log.push(`${name} ${line}`),
    onEvent: (event) => log.push(JSON.stringify(event)),
  });
  cleanup.defer(running.stop);
  return running;
}

/** As `flotilla dev` does: nothing where it stands already. */
async function buildDashboard(): Promise<void> {
  await promisify(execFile)(process.execPath, [join(repository, 'services/control/dashboard/build.ts')]);
}
