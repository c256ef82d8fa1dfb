import { Command, CommanderError } from 'commander';
import { addCall } from './commands/call.ts';
import { addConnect } from './commands/connect.ts';
import { addDemo } from './commands/demo.ts';
import { addDev } from './commands/dev.ts';
import { addQuery } from './commands/query.ts';
import { addReport } from './commands/report.ts';
import { addRuns } from './commands/runs.ts';
import { addSimulate } from './commands/simulate.ts';
import { addSync } from './commands/sync.ts';
import type { Host } from './host.ts';
import { command } from './output/command-line.ts';
import { renderComplaint, toComplaint } from './output/complaint.ts';

function createProgram(host: Host): Command {
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
  addDemo(program, host);
  addDev(program, host);
  addSimulate(program, host);
  addConnect(program, host);
  addSync(program, host);
  addRuns(program, host);
  addReport(program, host);
  addQuery(program, host);
  addCall(program, host);
  return program;
}

/** Runs the command; whatever goes wrong is told on standard error. True when it did not. */
export async function runProgram(host: Host, args: readonly string[]): Promise<boolean> {
  const program = createProgram(host);
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
