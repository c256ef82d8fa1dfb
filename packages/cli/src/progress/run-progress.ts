import cliProgress from 'cli-progress';
import { formatCount } from '../output/plain-text.ts';
import type { Terminal } from '../output/terminal.ts';
import type { RunProgressAnswer } from '../rpc/answers.ts';

/** What a person sees of a run under way. */
export interface RunProgress {
  update(run: RunProgressAnswer): void;
  stop(): void;
}

type EntityTypeProgress = RunProgressAnswer['entityTypes'][number];

/** A bar for each entity type where somebody watches; elsewhere a line for each that is done, or that waits for an upload for the first time. */
export function createRunProgress(terminal: Terminal): RunProgress {
  return terminal.isInteractive ? createBars(terminal) : createLines(terminal);
}

function createBars({ progressStream, colors }: Terminal): RunProgress {
  const bars = new Map<string, cliProgress.SingleBar>();
  const all = new cliProgress.MultiBar({
    stream: progressStream,
    hideCursor: true,
    // The last state stays as the record of what happened.
    clearOnComplete: false,
    emptyOnZero: true,
    barsize: 28,
    format(options, { progress, total, value }, payload: { name: string; note: string }) {
      const full = Math.round(progress * (options.barsize ?? 28));
      const bar = colors.green('█'.repeat(full)) + colors.dim('░'.repeat((options.barsize ?? 28) - full));
      const read = `${formatCount(value)} of ${formatCount(total)}`;
      return `  ${payload.name.padEnd(16)} ${bar}  ${read.padStart(20)}  ${colors.dim(payload.note)}`;
    },
  });
  return {
    update({ entityTypes }) {
      for (const entityType of entityTypes) {
        const { received } = entityType.counts;
        const total = Math.max(entityType.announced ?? 0, received);
        const payload = { name: entityType.entityType, note: describeStage(entityType) };
        const bar = bars.get(payload.name) ?? all.create(total, received, payload);
        bars.set(payload.name, bar);
        bar.setTotal(total);
        bar.update(received, payload);
      }
    },
    stop() {
      // `stop` cuts what it draws anew to the terminal's width, colours counted as if they were seen; here nothing is left to draw.
      all.update();
      all.stop();
    },
  };
}

function createLines({ note }: Terminal): RunProgress {
  const told = new Set<string>();

  function tellOnce(what: string, line: string): void {
    if (!told.has(what)) note(line);
    told.add(what);
  }

  return {
    update({ entityTypes }) {
      for (const each of entityTypes) {
        const { entityType, counts, stage, upload } = each;
        if (upload !== null) tellOnce(`${entityType} upload`, `${entityType}: ${describeUpload(upload)}`);
        if (stage === 'done' || stage === 'failed' || stage === 'skipped')
          tellOnce(entityType, `${entityType}: ${formatCount(counts.received)} read, ${describeStage(each)}`);
      }
    },
    stop() {},
  };
}

function describeStage({ stage, counts, upload, failure }: EntityTypeProgress): string {
  if (upload !== null) return describeUpload(upload);
  if (stage !== 'done') return failure === null ? stage : `${stage}: ${failure.message}`;
  const { created, updated, deleted, withdrawn, quarantined } = counts;
  const parts = Object.entries({ created, updated, deleted, withdrawn, quarantined })
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${formatCount(count)} ${name}`);
  return parts.length === 0 ? 'unchanged' : parts.join(', ');
}

/** What the vendor works on by itself, while nothing else goes on. */
export function describeUpload({ records, percent }: NonNullable<EntityTypeProgress['upload']>): string {
  return `upload of ${formatCount(records)}${percent === null ? '' : `: ${Math.floor(percent)} %`}`;
}
