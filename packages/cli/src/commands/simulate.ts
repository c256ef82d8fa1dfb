import { resolve } from 'node:path';
import type { OneRosterSimulator } from '@flotilla/service-oneroster/simulator';
import { type Command, Option } from 'commander';
import type { Host } from '../host.ts';
import { command } from '../output/command-line.ts';
import { countOf, formatCount, toPlainText } from '../output/plain-text.ts';
import { renderTable } from '../output/table.ts';
import type { Terminal } from '../output/terminal.ts';
import { collect, jsonOption, wholeNumber } from './command-options.ts';

interface SimulateFlags {
  readonly port: number;
  readonly data?: string;
  readonly students?: number;
  readonly seed?: number;
  readonly version?: '1.1' | '1.2';
  readonly auth?: 'oauth1' | 'oauth2';
  readonly fault?: readonly string[];
  readonly quirk?: readonly string[];
  readonly json?: true;
}

/** What `simulate --json` prints once the simulator listens, on one line. */
export interface SimulatorFacts {
  readonly baseUrl: string;
  readonly version: '1.1' | '1.2';
  readonly admin: { readonly url: string; readonly token: string };
  readonly credential: Readonly<Record<string, string>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly warnings: readonly unknown[];
  readonly connect: string;
}

export function addSimulate(program: Command, host: Host): void {
  const simulate = program
    .command('simulate')
    .summary("run a vendor's simulator")
    .description("Runs a vendor's simulator on this machine, until Ctrl-C.");
  simulate
    .command('oneroster')
    .description(
      'Runs a OneRoster provider on this machine, until Ctrl-C: on a OneRoster CSV set (--data), or on a generated district.',
    )
    .option('--port <n>', 'the port to listen on; 0 takes any free one', wholeNumber(0, 65_535), 4201)
    .option('--data <dir|zip>', 'a OneRoster CSV set, as a folder or a ZIP file')
    .option('--students <n>', 'the size of a generated district (default: 500)', wholeNumber(1, 1_000_000))
    .option('--seed <n>', 'equal seeds give equal districts (default: 1)', wholeNumber(0, 2 ** 31))
    .addOption(
      new Option('--version <v>', 'the OneRoster version (default: as the CSV set says; 1.2)').choices([
        '1.1',
        '1.2',
      ]),
    )
    .addOption(
      new Option(
        '--auth <kind>',
        'how clients authenticate (default: oauth1 for 1.1, oauth2 for 1.2)',
      ).choices(['oauth1', 'oauth2']),
    )
    .option(
      '--fault <line>',
      "a misbehaviour, such as 'GET /users page=2: 503 times=2'; may be repeated",
      collect,
    )
    .option(
      '--quirk <name>',
      'a departure from the standard, such as no-total-count; may be repeated',
      collect,
    )
    .addOption(jsonOption())
    .action((flags: SimulateFlags) => runSimulator(host, flags));
}

async function runSimulator(host: Host, flags: SimulateFlags): Promise<void> {
  const simulator = await createSimulator(host, flags);
  await simulator.listen(flags.port);
  try {
    const facts = describeSimulator(simulator);
    if (flags.json) host.terminal.print(JSON.stringify(facts));
    else printFacts(host.terminal, facts, simulator.warnings);
    if (!host.interrupted.aborted) {
      await new Promise((done) => host.interrupted.addEventListener('abort', done, { once: true }));
    }
  } finally {
    await simulator.close();
  }
}

async function createSimulator(host: Host, flags: SimulateFlags): Promise<OneRosterSimulator> {
  // Imported here: it is the largest part of the command line, and only this command needs it.
  const { createOneRosterSimulator } = await import('@flotilla/service-oneroster/simulator');
  const { version, auth, data, students, seed } = flags;
  const district = {
    ...(students === undefined ? {} : { students }),
    ...(seed === undefined ? {} : { seed }),
  };
  const isGenerated = data === undefined || Object.keys(district).length > 0;
  return await createOneRosterSimulator({
    ...(version === undefined ? {} : { version }),
    ...(auth === undefined ? {} : { auth }),
    ...(data === undefined ? {} : { data: resolve(host.cwd, data) }),
    ...(isGenerated ? { district } : {}),
    faults: flags.fault ?? [],
    quirks: flags.quirk ?? [],
    clock: host.clock,
  });
}

function describeSimulator(simulator: OneRosterSimulator): SimulatorFacts {
  const { baseUrl, version, origin, adminToken, warnings } = simulator;
  return {
    baseUrl,
    version,
    admin: { url: `${origin}/admin`, token: adminToken },
    credential: credentialOf(simulator),
    counts: simulator.counts(),
    warnings,
    connect: command(
      'connect',
      'springfield',
      'oneroster',
      '--base-url',
      baseUrl,
      '--set',
      `version=${version}`,
      '--credential',
      '-',
    ),
  };
}

/** In the shape that the vendor's service wants it. */
function credentialOf({ credentials }: OneRosterSimulator): Readonly<Record<string, string>> {
  if (credentials.kind === 'oauth1') {
    const { consumerKey, consumerSecret } = credentials;
    return { type: 'oauth1', consumerKey, consumerSecret };
  }
  const { clientId, clientSecret } = credentials;
  return { type: 'oauth2', clientId, clientSecret };
}

function printFacts(
  terminal: Terminal,
  facts: SimulatorFacts,
  warnings: OneRosterSimulator['warnings'],
): void {
  const { colors } = terminal;
  const credential = JSON.stringify(facts.credential);
  const rows = Object.entries(facts.counts).map(([name, count]) => [name, formatCount(count)]);
  terminal.print(
    [
      '',
      `${colors.bold(`OneRoster ${facts.version}`)} at ${colors.bold(facts.baseUrl)}`,
      '',
      renderTable([{ title: 'collection' }, { title: 'records', align: 'right' }], rows, colors),
      '',
      ...describeWarnings(warnings, terminal),
      `credential  ${credential}`,
      `admin       ${facts.admin.url}  (Authorization: Bearer ${facts.admin.token})`,
      '',
      `Connect a customer to it (the fleet runs with ${command('dev')}):`,
      `  echo '${credential}' | ${facts.connect}`,
      'Ctrl-C stops it.',
      '',
    ].join('\n'),
  );
}

const warningsShown = 20;

function describeWarnings(warnings: OneRosterSimulator['warnings'], { colors }: Terminal): readonly string[] {
  if (warnings.length === 0) return [];
  const more = warnings.length - warningsShown;
  return [
    colors.yellow(`${countOf(warnings.length, 'remark')} on the data:`),
    ...warnings.slice(0, warningsShown).map((warning) => `  ${toPlainText(describeWarning(warning), 300)}`),
    ...(more > 0 ? [`  … and ${formatCount(more)} more (all of them: --json)`] : []),
    '',
  ];
}

function describeWarning({ file, line, reason }: OneRosterSimulator['warnings'][number]): string {
  return `${file}${line === undefined ? '' : `:${line}`}: ${reason}`;
}
