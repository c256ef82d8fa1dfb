import { findCause, isSameFailure } from './find-problems.ts';
import type { ReportSource } from './report-source.ts';

/** Pure. How an entity type stands in its run, in words. */
export function describeStep(
  run: Pick<ReportSource['run'], 'state' | 'failure'>,
  { stage, failure, counts, evidence }: ReportSource['entityTypes'][number],
): string {
  if (stage === 'skipped' && failure?.code === 'not_found') return 'not offered by the vendor';
  // The run says it, once for all.
  const isOfRun = isSameFailure(failure, run.failure);
  if (isOfRun && (stage === 'skipped' || stage === 'failed')) return `${stage} with the run`;
  const cause = failure === null ? undefined : findCause(stage, failure);
  if (cause !== undefined) return `skipped, since it refers to ${cause}`;
  if (stage === 'skipped') return `skipped: ${failure?.message ?? 'another step failed'}`;
  if (stage === 'failed') return `failed: ${failure?.message ?? 'for an unknown reason'}`;
  if (stage === 'done') {
    if (failure !== null && !isOfRun) return `done, but: ${failure.message}`;
    return counts.pushFailed === 0
      ? 'done'
      : `done, but the vendor did not take ${amount(counts.pushFailed)}`;
  }
  if (stage === 'planned')
    return isOver(run.state) ? 'looked at, and nothing changed' : plannedWords(run.state);
  if (isOver(run.state)) return 'broken off';
  if (stage === 'fetching') {
    const total = evidence?.total === undefined ? '' : ` of ${amount(evidence.total)}`;
    return `reading: ${amount(counts.received)}${total}`;
  }
  return words[stage] ?? stage;
}

const words: Readonly<Record<string, string>> = {
  comparing: 'comparing with what is stored',
  planning: 'working out what changes',
  applying: 'applying the changes',
  removing: 'deleting at the vendor what is gone here',
};

function plannedWords(state: string): string {
  return state === 'held' ? 'waits for a decision' : 'ready to be applied';
}

function isOver(state: string): boolean {
  return state !== 'queued' && state !== 'running' && state !== 'held';
}

function amount(count: number): string {
  return count.toLocaleString('en-US');
}
