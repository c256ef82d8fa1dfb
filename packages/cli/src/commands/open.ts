import { type Command, Option } from 'commander';
import { z } from 'zod';
import type { Host } from '../host.ts';
import { type FleetFlags, homeOption, jsonOption } from './command-options.ts';
import { openFleet } from './open-fleet.ts';

interface OpenFlags extends FleetFlags {
  readonly role: 'admin' | 'viewer';
  readonly name?: string;
  readonly print?: true;
}

const LinkAnswer = z.object({ url: z.url(), expiresAt: z.string() });

export function addOpen(program: Command, host: Host): void {
  program
    .command('open')
    .summary('open the dashboard')
    .description(
      'Opens the dashboard of the local fleet in your browser, signed in by a link that works once, within five minutes. Where there is no screen it is only printed: open it on the machine where the fleet runs.',
    )
    .addOption(
      new Option('--role <name>', 'admin, or viewer: may look and change nothing')
        .choices(['admin', 'viewer'])
        .default('admin'),
    )
    .option('--name <who>', 'what stands in the audit log (default: your name on this machine)')
    .option('--print', 'print the link and open nothing')
    .addOption(homeOption())
    .addOption(jsonOption())
    .action((flags: OpenFlags) => openDashboard(host, flags));
}

async function openDashboard(host: Host, flags: OpenFlags): Promise<void> {
  const { terminal } = host;
  const { role, name = host.userName } = flags;
  const link = await openFleet(host, flags).control.call('signIn.createLink.v1', { name, role }, LinkAnswer);
  if (flags.json) return terminal.print(JSON.stringify({ ...link, name, role }));
  if (flags.print) return terminal.print(link.url);
  terminal.note(`For ${name}, as ${role}; once, within five minutes:`);
  terminal.print(link.url);
  terminal.note(
    (await host.openInBrowser(link.url))
      ? 'Your browser is asked to open it. If it does not, open the link yourself.'
      : 'There is no screen here: open the link yourself, on this machine.',
  );
}
