import cliProgress from 'cli-progress';
import { formatCount } from '../output/plain-text.ts';
import type { Terminal } from '../output/terminal.ts';
import type { RunProgressAnswer } from '../rpc/answers.ts';
import { hasEnded } from './follow-run.ts';
import { describeUpload } from './run-progress.ts';

/** What a person sees of several runs at once: a bar for each customer, or a line when its run has ended. */
export interface NightProgress {
  readonly update: (run: RunProgressAnswer) => void;
  stop(): void;
}

/** `expected`: by customer, how many records its run is going to read. Silent without `tell`, which takes lines where bars cannot be. */
export function createNightProgress(
  terminal: Terminal,
  expected: ReadonlyMap<string, number>,
  tell: ((line: string) => void) | undefined,
): NightProgress {
  if (tell === undefined) return { update() {}, stop() {} };
  return terminal.isInteractive ? createBars(terminal, expected) : createLines(tell);
}

const barWidth = 28;

function createBars(
  { progressStream, colors }: Terminal,
  expected: ReadonlyMap<string, number>,
): NightProgress {
  const all = new cliProgress.MultiBar({
    stream: progressStream,
    hideCursor: true,
    format(_options, { progress, value }, payload: { name: string; note: string }) {
      const full = Math.round(progress * barWidth);
      const bar = colors.green('█'.repeat(full)) + colors.dim('░'.repeat(barWidth - full));
      return `   ${payload.name.padEnd(14)} ${bar}  ${formatCount(value).padStart(7)} records  ${colors.dim(payload.note)}`;
    },
  });
  const bars = new Map(
    [...expected].map(([name, total]) => [name, all.create(total, 0, { name, note: 'queued' })]),
  );
  return {
    update(run) {
      bars.get(run.customerId)?.update(receivedOf(run), { name: run.customerId, note: describePlace(run) });
    },
    stop() {
      // `stop` cuts what it draws anew to the terminal's width, colours counted as if they were seen; here nothing is left to draw.
      all.update();
      all.stop();
    },
  };
}

function createLines(tell: (line: string) => void): NightProgress {
  const told = new Set<string>();
  return {
    update(run) {
      if (!hasEnded(run.state) || told.has(run.runId)) return;
      told.add(run.runId);
      tell(`${run.customerId}: ${formatCount(receivedOf(run))} records read, ${run.state}`);
    },
    stop() {},
  };
}

function receivedOf({ entityTypes }: RunProgressAnswer): number {
  return entityTypes.reduce((sum, { counts }) => sum + counts.received, 0);
}

function describePlace({ state, entityTypes }: RunProgressAnswer): string {
  const current = entityTypes.filter(
    ({ stage }) => !['planned', 'done', 'failed', 'skipped'].includes(stage),
  );
  if (state !== 'running' || current.length === 0) return state;
  return current
    .map(
      ({ entityType, stage, upload }) => `${upload === null ? stage : describeUpload(upload)} ${entityType}`,
    )
    .join(', ');
}
