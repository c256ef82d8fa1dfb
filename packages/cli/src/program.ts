import { Command, CommanderError } from 'commander';
import type { Host } from './host.ts';
import { command } from './output/command-line.ts';
import { renderComplaint, toComplaint } from './output/complaint.ts';

type AddCommand = (program: Command, host: Host, args: readonly string[]) => void | Promise<void>;

/** In the order of the help. A module is loaded when its command is asked for: all together are a quarter of a second of start. */
const commands: ReadonlyMap<string, () => Promise<AddCommand>> = new Map([
  ['demo', async () => (await import('./commands/demo.ts')).addDemo],
  ['dev', async () => (await import('./commands/dev.ts')).addDev],
  ['open', async () => (await import('./commands/open.ts')).addOpen],
  ['simulate', async () => (await import('./commands/simulate.ts')).addSimulate],
  ['connect', async () => (await import('./commands/connect.ts')).addConnect],
  ['sync', async () => (await import('./commands/sync.ts')).addSync],
  ['runs', async () => (await import('./commands/runs.ts')).addRuns],
  ['report', async () => (await import('./commands/report.ts')).addReport],
  ['conflicts', async () => (await import('./commands/conflicts.ts')).addConflicts],
  ['resolve', async () => (await import('./commands/resolve.ts')).addResolve],
  ['held', async () => (await import('./commands/held.ts')).addHeld],
  ['approve', async () => (await import('./commands/decide.ts')).addApprove],
  ['reject', async () => (await import('./commands/decide.ts')).addReject],
  ['revert', async () => (await import('./commands/revert.ts')).addRevert],
  ['history', async () => (await import('./commands/history.ts')).addHistory],
  ['dead-letters', async () => (await import('./commands/dead-letters.ts')).addDeadLetters],
  ['query', async () => (await import('./commands/query.ts')).addQuery],
  ['merge', async () => (await import('./commands/merge.ts')).addMerge],
  ['call', async () => (await import('./commands/call.ts')).addCall],
  ['shadow', async () => (await import('./commands/shadow.ts')).addShadow],
  ['new-vendor', async () => (await import('./commands/new-vendor.ts')).addNewVendor],
]);

/** What a person may type after `flotilla`. */
export const knownCommands: readonly string[] = [...commands.keys()];

/** Has the command that was asked for, or all of them where the first word is none: for the help, and to name the nearest. */
async function createProgram(host: Host, args: readonly string[]): Promise<Command> {
  const [name = ''] = args;
  const program = new Command('flotilla')
    .description("Flotilla keeps a school's systems in step. This is its command line for one machine.")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.terminal.print(text.trimEnd()),
      writeErr: (text) => host.terminal.note(text.trimEnd()),
      // Complaints all look alike: `runProgram` prints them.
      outputError: () => {},
    })
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', `\nType it as:  ${command()} <command> ...`)
    .showSuggestionAfterError();
  const asked = commands.get(name);
  for (const load of asked === undefined ? commands.values() : [asked])
    await (await load())(program, host, args);
  return program;
}

/** Runs the command; whatever goes wrong is told on standard error. True when it did not. */
export async function runProgram(host: Host, args: readonly string[]): Promise<boolean> {
  const program = await createProgram(host, args);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return true;
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      // Help was asked for, or nothing at all was said; commander has printed it.
      if (thrown.exitCode === 0) return true;
      if (thrown.code === 'commander.help') return false;
    }
    if (host.interrupted.aborted) return false;
    const complaint = toComplaint(thrown, helpFor(program, args));
    const isJson = args.includes('--json');
    host.terminal.note(
      isJson ? JSON.stringify({ error: complaint }) : renderComplaint(complaint, host.terminal.colors),
    );
    return false;
  }
}

/** The command that explains what was typed, as far as it is one of ours. */
function helpFor(program: Command, [name = '']: readonly string[]): string {
  const isOurs = program.commands.some((one) => one.name() === name);
  return command(...(isOurs ? [name] : []), '--help');
}
