import { join, resolve } from 'node:path';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { toPlainText } from '@flotilla/substrate/report/plain-text';
import type {
  DistrictSimulator,
  SimulatorOptions,
} from '@flotilla/substrate/testing/simulator/create-district-simulator';
import type {
  ChosenValues,
  SimulatorChoice,
  SimulatorEntry,
  SimulatorRemark,
} from '@flotilla/substrate/testing/simulator/define-simulator';
import { type Command, Option } from 'commander';
import { findSimulators, loadSimulator } from '../fleet/find-simulators.ts';
import type { Host } from '../host.ts';
import { command } from '../output/command-line.ts';
import { countOf, formatCount } from '../output/plain-text.ts';
import { renderTable } from '../output/table.ts';
import type { Terminal } from '../output/terminal.ts';
import { collect, jsonOption, wholeNumber } from './command-options.ts';

interface SimulateFlags {
  readonly port: number;
  readonly students?: number;
  readonly seed?: number;
  readonly assignments?: number;
  readonly fault?: readonly string[];
  readonly json?: true;
  /** The vendor's own choices. */
  readonly [choice: string]: unknown;
}

/** What `simulate --json` prints once the simulator listens, on one line. */
export interface SimulatorFacts {
  readonly vendor: string;
  /** In the shape that the vendor's service wants it; so is the credential. */
  readonly connection: JsonObject;
  readonly credential: JsonObject;
  readonly admin: { readonly url: string; readonly token: string };
  readonly counts: Readonly<Record<string, number>>;
  readonly remarks: readonly SimulatorRemark[];
  readonly connect: string;
}

/** One subcommand a vendor. Only the module of the one that is asked for is loaded: it is the largest part of the command line. */
export async function addSimulate(
  program: Command,
  host: Host,
  [, asked]: readonly string[] = [],
): Promise<void> {
  const simulate = program
    .command('simulate')
    .summary("run a vendor's simulator")
    .description("Runs a vendor's simulator on this machine, until Ctrl-C.");
  for (const found of findSimulators(join(host.repository, 'services'))) {
    const subcommand = simulate.command(found.vendor);
    addCommonOptions(subcommand, found.vendor);
    if (found.vendor !== asked) continue;
    const entry = await loadSimulator(found);
    const options = Object.entries(entry.choices ?? {}).map(([name, choice]) => toOption(name, choice));
    for (const { option } of options) subcommand.addOption(option);
    subcommand.action((flags: SimulateFlags) => {
      const chosen = options.flatMap(({ name, option, choice }) => {
        const value = flags[option.attributeName()] as string | readonly string[] | undefined;
        if (value === undefined) return [];
        return [[name, choice.isPath === true ? resolve(host.cwd, String(value)) : value] as const];
      });
      return runSimulator(host, found.vendor, entry, flags, Object.fromEntries(chosen));
    });
  }
}

function addCommonOptions(subcommand: Command, vendor: string): void {
  subcommand
    .description(
      `Simulates ${vendor} on this machine, until Ctrl-C, on a generated district unless other data is given.`,
    )
    .option('--port <n>', 'the port to listen on; 0 takes any free one', wholeNumber(0, 65_535), 4201)
    .option('--students <n>', 'the size of a generated district (default: 500)', wholeNumber(1, 1_000_000))
    .option('--seed <n>', 'equal seeds give equal districts (default: 1)', wholeNumber(0, 2 ** 31))
    .option(
      '--assignments <n>',
      'graded pieces of work, over all classes (default: one for 30 students)',
      wholeNumber(0, 1_000_000),
    )
    .option(
      '--fault <line>',
      "a misbehaviour, such as 'GET /users page=2: 503 times=2'; may be repeated",
      collect,
    )
    .addOption(jsonOption());
}

function toOption(name: string, choice: SimulatorChoice) {
  const { describe, values, placeholder = 'value', isRepeatable = false } = choice;
  const option = new Option(
    `--${name} <${values === undefined ? placeholder : name}>`,
    isRepeatable ? `${describe}; may be repeated` : describe,
  );
  if (values !== undefined) option.choices(values);
  if (isRepeatable) option.argParser(collect);
  return { name, option, choice };
}

async function runSimulator(
  host: Host,
  vendor: string,
  entry: SimulatorEntry,
  flags: SimulateFlags,
  chosen: ChosenValues,
): Promise<void> {
  const simulator = await entry.create(optionsOf(host, flags), chosen);
  await simulator.listen(flags.port);
  try {
    const facts = describeSimulator(vendor, simulator, entry.remarks?.(simulator) ?? []);
    if (flags.json) host.terminal.print(JSON.stringify(facts));
    else printFacts(host.terminal, facts, simulator.origin);
    if (!host.interrupted.aborted) {
      await new Promise((done) => host.interrupted.addEventListener('abort', done, { once: true }));
    }
  } finally {
    await simulator.close();
  }
}

/** Without a word on its size, whether there is a generated district is up to the vendor's own choices. */
function optionsOf(
  { clock }: Host,
  { students, seed, assignments, fault = [] }: SimulateFlags,
): SimulatorOptions {
  const district = {
    ...(students === undefined ? {} : { students }),
    ...(seed === undefined ? {} : { seed }),
    ...(assignments === undefined ? {} : { assignments }),
  };
  return { clock, faults: fault, ...(Object.keys(district).length === 0 ? {} : { district }) };
}

function describeSimulator(
  vendor: string,
  simulator: DistrictSimulator,
  remarks: readonly SimulatorRemark[],
): SimulatorFacts {
  const { connection, credential, origin, adminToken } = simulator;
  const words = Object.entries(connection).flatMap(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return name === 'baseUrl' ? ['--base-url', text] : ['--set', `${name}=${text}`];
  });
  return {
    vendor,
    connection,
    credential,
    admin: { url: `${origin}/admin`, token: adminToken },
    counts: simulator.counts(),
    remarks,
    connect: command('connect', 'springfield', vendor, ...words, '--credential', '-'),
  };
}

function printFacts(terminal: Terminal, facts: SimulatorFacts, origin: string): void {
  const { colors } = terminal;
  const credential = JSON.stringify(facts.credential);
  const rows = Object.entries(facts.counts).map(([name, count]) => [name, formatCount(count)]);
  terminal.print(
    [
      '',
      `${colors.bold(facts.vendor)} at ${colors.bold(origin)}`,
      '',
      renderTable([{ title: 'collection' }, { title: 'records', align: 'right' }], rows, colors),
      '',
      ...describeRemarks(facts.remarks, terminal),
      `connection  ${JSON.stringify(facts.connection)}`,
      `credential  ${credential}`,
      `admin       ${facts.admin.url}  (Authorization: Bearer ${facts.admin.token})`,
      '',
      `Connect a customer to it (the fleet runs with ${command('dev')}):`,
      `  echo '${credential.replaceAll("'", "'\\''")}' | ${facts.connect}`,
      'Ctrl-C stops it.',
      '',
    ].join('\n'),
  );
}

const remarksShown = 20;

function describeRemarks(remarks: readonly SimulatorRemark[], { colors }: Terminal): readonly string[] {
  if (remarks.length === 0) return [];
  const more = remarks.length - remarksShown;
  return [
    colors.yellow(`${countOf(remarks.length, 'remark')} on the data:`),
    ...remarks
      .slice(0, remarksShown)
      .map(({ where, reason }) => `  ${toPlainText(`${where}: ${reason}`, 300)}`),
    ...(more > 0 ? [`  … and ${formatCount(more)} more (all of them: --json)`] : []),
    '',
  ];
}
