import { resolve } from 'node:path';
import type { MergeSettings } from '@flotilla/substrate/merge/merge-settings';
import type { Command } from 'commander';
import type { Host } from '../host.ts';
import { createLineAnswerer } from '../merge/answer-line.ts';
import { readLines } from '../merge/read-lines.ts';
import { readMergeSettings } from '../merge/read-merge-settings.ts';
import { command } from '../output/command-line.ts';
import { countOf } from '../output/plain-text.ts';
import { jsonOption } from './command-options.ts';
import { parseJsonObject, readTextFile } from './read-json-input.ts';

interface MergeFlags {
  readonly settings?: string;
  readonly set?: true;
  readonly json?: true;
}

export function addMerge(program: Command, host: Host): void {
  program
    .command('merge')
    .summary('try what a merge would do')
    .description(
      'Merges records three ways as a run would, and says what it would do; it needs no fleet, and stores nothing. Reads JSON lines from standard input, and answers each with one.',
    )
    .option(
      '--settings <file>',
      'settings of the merge, as JSON (default: none, so that every conflict is left to a person)',
    )
    .option('--set', 'each side of a line is a whole set: an object of id to record')
    .addOption(jsonOption())
    .addHelpText('after', explainLines)
    .action((flags: MergeFlags) => answerLines(host, flags));
}

const help = command('merge', '--help');

function explainLines(): string {
  return `
A line, in:
  name              any text; the answer carries it
  base ours theirs  the record as it last was on both sides, as we have it, as the vendor has it; where a side has none, leave it out
  id                under which \`records\` of the settings has the record's override (default: the name)
  settings          of this line; they override those of --settings: fields, records and lists name by name, the rest member by member
A line, out:
  name, held        held: a conflict is left to a person, and neither side is written
  result            the record as it will be on both sides; absent where it is deleted or held
  conflicts         {pointer, kind, base?, ours?, theirs?, rule}
  toOurs toTheirs   what is written on either side: {action, pointer, before?, after?, rule}; empty where nothing is
  remarks           only where a declared list could not be merged by element
With --set, \`result\` is an object of id to record without those held, \`heldRecords\` has their ids, and conflicts and writes have an \`id\`.
A line that cannot be merged is answered with {name?, line, error}, the others are merged all the same; the exit code is then 1.

Example:
  echo '{"name": "r1", "base": {"room": 1}, "ours": {"room": 2}, "theirs": {"room": 1, "floor": 3}}' | ${command('merge')}

What settings hold: docs/merging.md`;
}

async function answerLines(host: Host, { settings: path, set }: MergeFlags): Promise<void> {
  const settings = path === undefined ? {} : readSettingsFile(host, path);
  const answer = createLineAnswerer({ settings, isSet: set === true, help });
  if (host.standardInput.isTerminal)
    host.terminal.note('Reading JSON lines from the keyboard; Ctrl-D ends them.');
  let number = 0;
  let errors = 0;
  for await (const lines of readLines(host.standardInput.read())) {
    const answers: string[] = [];
    for (const line of lines) {
      number++;
      if (isBlank(line)) continue;
      const { text, isError } = answer(line, number);
      if (isError) errors++;
      answers.push(text);
    }
    if (answers.length > 0) host.terminal.print(answers.join('\n'));
    await host.whenOutputTaken();
  }
  if (errors === 0) return;
  host.terminal.note(
    `${countOf(errors, 'line')} could not be merged; each answer with an "error" says why. See ${help}`,
  );
  host.markFailed();
}

function readSettingsFile(host: Host, path: string): MergeSettings {
  const text = readTextFile(resolve(host.cwd, path), 'the settings of a merge');
  return readMergeSettings(parseJsonObject(text, 'the settings of a merge', path), path);
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
