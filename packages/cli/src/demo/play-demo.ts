import { readFileSync } from 'node:fs';
import type { Host } from '../host.ts';
import { command } from '../output/command-line.ts';
import { formatSeconds } from '../output/plain-text.ts';
import type { StackName } from '../stack/fleet-stack.ts';
import { type DemoFleet, startDemoFleet } from './demo-fleet.ts';
import { createNarrator, type Narrator } from './narrator.ts';
import { playMorning } from './play-morning.ts';
import { type DemoSummary, playNights } from './play-nights.ts';

export interface DemoOptions {
  /** Of each of the two districts. */
  readonly students: number;
  /** Leave the temporary home where it is. */
  readonly keep?: true;
  /** Go on until Ctrl-C, with the dashboard and something to do in it. */
  readonly stay?: true;
  readonly json?: true;
  readonly stack: StackName;
}

/** Plays the demo from the first process to the last. Fails when a report does not say exactly what was done to the data. */
export async function playDemo(host: Host, options: DemoOptions): Promise<void> {
  const startedAt = host.clock.now();
  const narrator = createNarrator(host.terminal, options.json === true);
  const cleanup = new AsyncDisposableStack();
  let demo: DemoFleet | undefined;
  let summary: DemoSummary;
  try {
    narrator.chapter(
      'A fleet and the systems of three school districts start, each part a process of its own',
    );
    demo = await startDemoFleet(
      host,
      { ...options, keep: options.keep === true, stay: options.stay === true },
      cleanup,
    );
    summary = await playNights({ host, narrator, demo });
    if (options.stay) await playMorning({ host, narrator, demo });
  } catch (thrown) {
    if (demo !== undefined && !host.interrupted.aborted) showLog(host, demo);
    throw thrown;
  } finally {
    await cleanup.disposeAsync();
    if (host.interrupted.aborted) host.terminal.note('Interrupted; everything is stopped.');
  }
  const seconds = (host.clock.now() - startedAt) / 1000;
  const kept = options.keep ? { home: demo.home } : {};
  if (options.json) host.terminal.print(JSON.stringify({ seconds, ...kept, ...summary }, null, 2));
  else tellEnd(narrator, seconds, describeEnd(options, demo.home));
}

/** What the services said last: a failure of the demo is most often a failure of theirs. */
function showLog({ terminal }: Host, { log }: DemoFleet): void {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-30);
  terminal.note(['', terminal.colors.dim('The last of what the services logged:'), ...lines, ''].join('\n'));
}

function describeEnd({ keep, stack }: DemoOptions, home: string): string {
  if (!keep) return 'Everything is stopped, and the temporary home is removed.';
  return stack === 'embedded'
    ? `Everything is stopped. The home is kept; run a fleet on it: ${command('dev', '--home', home)}`
    : `Everything is stopped, and what the emulators held is gone. The home with the log is kept: ${home}`;
}

function tellEnd(narrator: Narrator, seconds: number, end: string): void {
  narrator.chapter(`That was it, in ${formatSeconds(seconds)}`);
  narrator.tell(
    [
      'You saw',
      '  · one JSON-RPC call start a run for every integration, and each run end with a report;',
      '  · every record of two providers, in two versions of a standard, reach the warehouse in the same words;',
      '  · a day of edits found again, record by record, and nothing else touched;',
      '  · a night without changes that wrote nothing;',
      '  · one district with several systems, its grades edited on both sides, and a conflict that a person decided.',
      end,
      '',
      'To go on',
      `  ${command('demo', '--stay')}${' '.repeat(15)}the same with the dashboard, and something to do in it`,
      `  ${command('dev')}${' '.repeat(22)}a fleet that stays`,
      `  ${command('simulate', 'oneroster')}${' '.repeat(7)}a provider to connect it to; it prints how`,
      `  ${command('connect', '--help')}${' '.repeat(11)}or a real one`,
    ].join('\n'),
  );
  narrator.tell();
}
