import type { TakenBack } from './find-taken-back.ts';
import type { RecordedFailure } from './recorded-failure.ts';
import type { ReportSource } from './report-source.ts';
import type { RunCounts } from './run-counts.ts';

/** Pure. One sentence or two: is all well, and if not, what is the matter? Of a run that was taken back first that it was. */
export function composeVerdict(source: ReportSource, totals: RunCounts, takenBack: TakenBack | null): string {
  const verdict = `${judge(source, totals)}${describeReverting(source)}${describeLater(source)}`;
  if (takenBack === null || takenBack.extent === 'none') return verdict;
  const { runId, at, by, reason, extent } = takenBack;
  const asked = describeAsking(by, reason);
  switch (extent) {
    case 'whole':
      return `Taken back on ${minute(at)} by run ${runId}: nothing of it stands any more.${asked} When it ended it said: ${verdict}`;
    case 'part':
      return `Taken back in part on ${minute(at)} by run ${runId}, whose report says what still stands.${asked} When it ended it said: ${verdict}`;
    default:
      return `To be taken back by run ${runId}, asked for on ${minute(at)}.${asked} So far it stands: ${verdict}`;
  }
}

function judge(source: ReportSource, totals: RunCounts): string {
  const { run, entityTypes } = source;
  switch (run.state) {
    case 'queued':
      return run.decision?.decision === 'approved' ? 'Approved, and about to go on.' : 'Waiting to start.';
    case 'running':
      return `Under way: ${counted(totals.received, 'record')} read so far.`;
    case 'held':
      return `Held: ${describeLimits(source)}. Nothing has been changed; approve or reject it${run.dueAt === null ? '' : ` by ${minute(run.dueAt)}`}.`;
    case 'rejected':
      return `Rejected by ${run.decision?.by ?? 'somebody'}${because(run.decision?.reason)}. Nothing was changed.${describePast(source)}`;
    case 'expired':
      return `Held, and ended without a decision${describeExpiry(run.failure)}. Nothing was changed.${describePast(source)}`;
    case 'unchanged':
      return 'All is well. The vendor reports no change since the last run, so nothing was read.';
    case 'failed':
      return `Failed: ${run.failure?.message ?? 'for an unknown reason'}. ${describeDone(source, totals)}`;
    case 'partial': {
      const undone = entityTypes.filter(
        ({ failure, counts }) => (failure !== null && failure.code !== 'not_found') || counts.pushFailed > 0,
      );
      return `Not everything could be done (${undone.map((each) => each.entityType).join(', ')}). ${describeDone(source, totals)}`;
    }
    default:
      return run.isDryRun ? describeDryRun(source, totals) : describeSuccess(source, totals);
  }
}

/** Of a run that was to take back another, and has not: the words of one that has begin with it. */
function describeReverting({ run }: ReportSource): string {
  return run.reverts === null || run.state === 'succeeded' ? '' : describeAsking(run.requestedBy, run.reason);
}

function describeLater({ laterSuccess }: ReportSource): string {
  if (laterSuccess === null) return '';
  return ` Since then all went well: run ${laterSuccess.runId} succeeded on ${minute(laterSuccess.at)}.`;
}

function describeAsking(by: string | null, reason: string | null): string {
  return by === null && reason === null ? '' : ` Asked for by ${by ?? 'somebody'}${because(reason)}.`;
}

function because(reason: string | null | undefined): string {
  return reason === null || reason === undefined ? '' : ` because “${reason}”`;
}

/** What a held run was over is no more than a fact once it has ended. */
function describePast(source: ReportSource): string {
  const limits = describeLimits(source);
  return limits === '' ? '' : ` It was held for ${limits}.`;
}

/** A later run may end it before its time (`pipeline/run/hold-run.ts`). */
function describeExpiry(failure: RecordedFailure | null): string {
  const later = failure?.data['runId'];
  return typeof later === 'string' ? `, since the later run ${later} looked at the same records` : '';
}

function describeSuccess(source: ReportSource, totals: RunCounts): string {
  const { run } = source;
  const done = describeDone(source, totals);
  if (run.reverts !== null)
    return `Taken back: run ${run.reverts}.${describeAsking(run.requestedBy, run.reason)} ${done}`;
  const left = [
    ...(totals.quarantined === 0 ? [] : [describeQuarantine(totals.quarantined)]),
    ...(totals.conflicted === 0 ? [] : [describeConflicts(totals.conflicted)]),
  ];
  return left.length === 0 ? `All is well. ${done}` : [done, ...left].join(' ');
}

function describeDryRun(source: ReportSource, { received }: RunCounts): string {
  const { entityTypes } = source;
  const lines = (['toOurs', 'toTheirs'] as const).map((direction) => {
    const sum = (action: 'create' | 'update' | 'delete') =>
      entityTypes.reduce((total, { plan }) => total + (plan?.counts[direction][action] ?? 0), 0);
    const side = direction === 'toOurs' ? 'on our side' : 'at the vendor';
    return `${number(sum('create'))} created, ${number(sum('update'))} updated, ${number(sum('delete'))} deleted ${side}`;
  });
  const conflicts = entityTypes.reduce((total, { plan }) => total + (plan?.conflicts ?? 0), 0);
  const held = conflicts === 0 ? '' : ` ${describeConflicts(conflicts)}`;
  return `A dry run, nothing was changed. ${counted(received, 'record')} checked; a real run would make these: ${lines.join('; ')}.${held}${describeJudgement(source)}`;
}

/** Whether a real run would be held. Where nothing would be deleted, and it would not, nobody asks. */
function describeJudgement(source: ReportSource): string {
  const limits = describeLimits(source);
  if (limits !== '') return ` A real run would be held: ${limits}.`;
  const doesDelete = source.entityTypes.some(
    ({ plan }) => (plan?.counts.toOurs.delete ?? 0) + (plan?.counts.toTheirs.delete ?? 0) > 0,
  );
  return doesDelete ? ' No safety limit would hold it.' : '';
}

const verbs = { create: 'creation', update: 'update', delete: 'deletion' } as const;

/** The limits that hold the run, in words. */
function describeLimits({ entityTypes }: ReportSource): string {
  const all = entityTypes.flatMap(({ entityType, plan }) =>
    (plan?.exceeded ?? []).map(({ direction, action, school, planned, allowed }) => {
      const side = direction === 'toOurs' ? 'on our side' : 'at the vendor';
      const where = school === undefined ? '' : ` in school ${school}`;
      return `${counted(planned, `${entityType} ${verbs[action]}`)} ${side}${where}, where ${number(allowed)} ${allowed === 1 ? 'is' : 'are'} allowed`;
    }),
  );
  const more = all.length > 3 ? `; and ${counted(all.length - 3, 'more limit')}` : '';
  return `${all.slice(0, 3).join('; ')}${more}`;
}

function describeDone({ run, pushes, pushesUnknown }: ReportSource, totals: RunCounts): string {
  const { received, created, updated, deleted, withdrawn } = totals;
  const { pushCreated, pushUpdated, pushDeleted, pushFailed } = totals;
  const marked =
    withdrawn === 0 ? '' : `, ${number(withdrawn)} of them marked by the vendor as to be deleted`;
  const checked = `${counted(received, 'record')} checked${marked}`;
  const written = pushCreated + pushUpdated + pushDeleted;
  const unverified = pushes.filter(({ state }) => state === 'unverified').length;
  const refused = describeRefused(pushFailed, unverified) + describeUnknown(pushesUnknown);
  const atVendor =
    written === 0
      ? refused
      : ` At the vendor: ${number(pushCreated)} created, ${number(pushUpdated)} updated, ${number(pushDeleted)} deleted.${refused}`;
  if (created + updated + deleted > 0) {
    return `${checked}: ${number(created)} created, ${number(updated)} updated, ${number(deleted)} deleted.${atVendor}`;
  }
  if (atVendor !== '') return `${checked}, nothing to change on our side.${atVendor}`;
  // What was not looked at to its end may well have changed.
  return run.state === 'failed' ? `${checked}, and nothing was changed.` : `${checked}, nothing had changed.`;
}

/** `unverified`: of those that failed, how many the vendor took and did not keep as they were sent. */
function describeRefused(failed: number, unverified: number): string {
  const refused = Math.max(0, failed - unverified);
  return [
    refused === 0 ? '' : ` The vendor did not take ${number(refused)}.`,
    unverified === 0
      ? ''
      : ` ${number(unverified)} that the vendor took ${unverified === 1 ? 'is' : 'are'} not there as sent.`,
  ].join('');
}

function describeUnknown(count: number): string {
  if (count === 0) return '';
  return ` Whether the vendor took ${counted(count, 'record')} is not known: the run broke off. The next run sees what is there.`;
}

function describeQuarantine(count: number): string {
  return count === 1
    ? 'One record was left out and needs a correction.'
    : `${number(count)} records were left out and need a correction.`;
}

function describeConflicts(count: number): string {
  return count === 1
    ? 'One record waits for a decision, since both sides changed it differently.'
    : `${number(count)} records wait for decisions, since both sides changed them differently.`;
}

/** In a form that pages show in the reader's own time zone. */
function minute(at: string): string {
  return `${at.slice(0, 16).replace('T', ' ')} UTC`;
}

function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}
