import { canonicalJson } from '../json/canonical-json.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { describeProblem } from './describe-problem.ts';
import type { RecordedFailure } from './recorded-failure.ts';
import type { ReportSource } from './report-source.ts';

/** A problem before it is put into words. */
interface FoundProblem {
  readonly failure: RecordedFailure;
  readonly where: Parameters<typeof describeProblem>[2];
}

/**
 * Pure. What somebody should know of a run, each thing once, the run's own failure first. Limits are among them while somebody may decide on
 * them, or would have to; what was decided, or is past, is a fact of the verdict.
 */
export function findProblems(source: ReportSource): readonly FoundProblem[] {
  const { run, entityTypes, pushes, quarantined } = source;
  const isPast = run.state === 'rejected' || run.state === 'expired';
  return [
    ...(run.failure === null || (isPast && run.failure.code === 'limit_exceeded')
      ? []
      : [{ failure: run.failure, where: {} }]),
    ...entityTypes.flatMap(({ entityType, stage, failure }) =>
      failure === null || isToldElsewhere(stage, failure, run.failure)
        ? []
        : [{ failure, where: { entityType } }],
    ),
    ...findLimits(source),
    ...pushes.flatMap(({ entityType, recordId, failure }) =>
      failure === null ? [] : [{ failure, where: { entityType, recordId } }],
    ),
    ...quarantined.map(({ entityType, recordId, page, ordinal, failure }) => ({
      failure,
      where: { entityType, recordId, place: `page ${page + 1}, record ${ordinal + 1}` },
    })),
  ];
}

function isToldElsewhere(stage: string, failure: RecordedFailure, ofRun: RecordedFailure | null): boolean {
  return isNotOffered(failure) || isSameFailure(failure, ofRun) || findCause(stage, failure) !== undefined;
}

function findLimits({ run, entityTypes }: ReportSource): readonly FoundProblem[] {
  const isHeld = run.state === 'held';
  if (!isHeld && !run.isDryRun) return [];
  const advice = isHeld ? {} : { advice: 'A real run would be held here until somebody approves it.' };
  return entityTypes.flatMap(({ entityType, plan }) =>
    (plan?.exceeded ?? []).map((limit) => ({
      failure: limitFailure(limit),
      where: { entityType, ...advice },
    })),
  );
}

/** Pure. What ended the run is noted with the entity type too at which it was. */
export function isSameFailure(one: RecordedFailure | null, other: RecordedFailure | null): boolean {
  if (one === null || other === null || one.code !== other.code || one.message !== other.message)
    return false;
  return canonicalJson(one.data) === canonicalJson(other.data);
}

/** Pure. The entity type for whose failure this one was skipped, since it refers to it (`pipeline/run/work-on-run.ts`): there is the problem. */
export function findCause(stage: string, { data: { refersTo } }: RecordedFailure): string | undefined {
  return stage === 'skipped' && typeof refersTo === 'string' ? refersTo : undefined;
}

/** A collection that the vendor does not have is no problem. */
function isNotOffered(failure: RecordedFailure): boolean {
  return failure.code === 'not_found';
}

function limitFailure(limit: JsonObject): RecordedFailure {
  return { code: 'limit_exceeded', message: 'More would change than a safety limit allows', data: limit };
}
