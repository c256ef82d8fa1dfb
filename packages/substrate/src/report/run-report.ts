import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { Conflict } from '../merge/conflict.ts';
import type { PlanLine } from '../merge/plan.ts';
import type { Action } from '../settings/safety-limits.ts';
import { composeVerdict } from './compose-verdict.ts';
import { describeProblem, type ReportProblem } from './describe-problem.ts';
import { describeStep } from './describe-step.ts';
import { diffFields, type FieldChange } from './diff-fields.ts';
import { findNoise, type ReportNoise } from './find-noise.ts';
import type { RecordedFailure } from './recorded-failure.ts';
import { linkReport, type ReportLinks } from './report-links.ts';
import type { ReportSource } from './report-source.ts';
import { addCounts, type RunCounts } from './run-counts.ts';

export interface ReportStep {
  readonly entityType: string;
  /** `fetching`, `merging`, `deleting`, `done`, `failed` or `skipped`. */
  readonly stage: string;
  /** The same in words, with the cause where something is amiss. */
  readonly status: string;
  /** Null while it goes on. */
  readonly seconds: number | null;
  readonly pages: number;
  /** How many records the vendor said there are, if it did. */
  readonly announced: number | null;
  readonly counts: RunCounts;
}

/** A field's before and after, with the rule that decided it where it was more than that the other side had changed it. */
export interface ReportField extends FieldChange {
  readonly rule?: string;
}

export interface ReportChange {
  readonly entityType: string;
  readonly recordId: string;
  readonly action: 'create' | 'update' | 'delete';
  readonly fields: readonly ReportField[];
}

/** A record written to the vendor, or meant to be. */
export interface ReportPush extends ReportChange {
  /** `intended` (not known yet), `accepted`, `refused` or `unverified`. */
  readonly state: string;
  /** The id that the vendor gave to a created record. */
  readonly assignedId: string | null;
}

/** A field that waits for a person. A side that is absent has no value there. */
export interface ReportConflict {
  readonly conflictId: string;
  readonly inputs: string;
  readonly entityType: string;
  readonly recordId: string;
  readonly pointer: string;
  readonly kind: string;
  readonly rule: string;
  readonly state: string;
  readonly base?: JsonValue;
  readonly ours?: JsonValue;
  readonly theirs?: JsonValue;
}

/** What a run would do to a record: of a dry run, and of one that is held or ended so. What became of an approved one its changes tell. */
export interface ReportPlanned {
  readonly entityType: string;
  readonly recordId: string;
  readonly toOurs: readonly PlanLine[];
  readonly toTheirs: readonly PlanLine[];
  readonly conflicts: readonly Conflict[];
}

/** A run as people read it. All times are RFC 3339, UTC. */
export interface RunReport {
  readonly runId: string;
  readonly customerId: string;
  readonly integrationId: string;
  readonly vendor: string;
  readonly context: string;
  readonly method: string;
  readonly state: string;
  readonly isDryRun: boolean;
  /** The run that this one takes back. */
  readonly reverts: string | null;
  /** A held run that nobody has decided on by then ends as `expired`; null for any other. */
  readonly expiresAt: string | null;
  /** What a person said when it was held. */
  readonly decision: ReportSource['run']['decision'];
  /** One sentence: is all well, and if not, what is the matter? */
  readonly verdict: string;
  readonly requestedAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly seconds: number | null;
  readonly totals: RunCounts;
  readonly steps: readonly ReportStep[];
  readonly problems: readonly ReportProblem[];
  /** Quarantined records that are not among the problems, since there are too many. */
  readonly problemsOmitted: number;
  readonly changes: readonly ReportChange[];
  readonly changesOmitted: number;
  readonly pushes: readonly ReportPush[];
  readonly pushesOmitted: number;
  readonly conflicts: readonly ReportConflict[];
  readonly planned: readonly ReportPlanned[];
  readonly plannedOmitted: number;
  /** Fields that change every time and could be declared volatile. */
  readonly noise: readonly ReportNoise[];
  /** Null where nobody has said where the dashboard is. */
  readonly links: ReportLinks | null;
}

/** Pure. A run's report from its rows. */
export function buildReport(source: ReportSource): RunReport {
  const { run, entityTypes, quarantined, volatilePointers } = source;
  const totals = addCounts(...entityTypes.map((each) => each.counts));
  const isEnded = run.finishedAt !== null;
  const problems = [
    ...(run.failure === null ? [] : [describeProblem(run.failure, isEnded, limitAdvice(run, run.failure))]),
    ...entityTypes.flatMap(({ entityType, failure }) =>
      failure === null || isNotOffered(failure) ? [] : [describeProblem(failure, isEnded, { entityType })],
    ),
    ...(isUnapplied(run) ? entityTypes : []).flatMap(({ entityType, plan }) =>
      (plan?.exceeded ?? [])
        .map(limitFailure)
        .map((failure) => describeProblem(failure, isEnded, { entityType, ...limitAdvice(run, failure) })),
    ),
    ...source.pushes.flatMap(({ entityType, recordId, failure }) =>
      failure === null ? [] : [describeProblem(failure, isEnded, { entityType, recordId })],
    ),
    ...quarantined.map(({ entityType, recordId, page, ordinal, failure }) =>
      describeProblem(failure, isEnded, {
        entityType,
        recordId,
        place: `page ${page + 1}, record ${ordinal + 1}`,
      }),
    ),
  ];
  const changes = source.changes.map(({ entityType, recordId, action, before, after, rules }) => ({
    entityType,
    recordId,
    action,
    fields: describeFields(before, after, rules ?? [], volatilePointers),
  }));
  const pushes = source.pushes.map(({ entityType, recordId, action, state, before, after, assignedId }) => ({
    entityType,
    recordId,
    action: action as Action,
    state,
    assignedId,
    fields: describeFields(before, after, [], volatilePointers),
  }));
  const planned = isUnapplied(run) ? source.planned : [];
  const { runId, customerId, integrationId, vendor, context, method, state, isDryRun, reverts, decision } =
    run;
  return {
    runId,
    customerId,
    integrationId,
    vendor,
    context,
    method,
    state,
    isDryRun,
    reverts,
    expiresAt: state === 'held' ? run.dueAt : null,
    decision:
      decision === null
        ? null
        : { decision: decision.decision, by: decision.by, at: decision.at, reason: decision.reason },
    verdict: composeVerdict(source, totals),
    requestedAt: run.requestedAt,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    seconds: secondsBetween(run.startedAt, run.finishedAt),
    totals,
    steps: entityTypes.map((each) => ({
      entityType: each.entityType,
      stage: each.stage,
      status: describeStep(run, each),
      seconds: secondsBetween(each.startedAt, each.finishedAt),
      pages: each.pages,
      announced: each.evidence?.total ?? null,
      counts: each.counts,
    })),
    problems,
    problemsOmitted: Math.max(0, totals.quarantined - quarantined.length),
    changes,
    changesOmitted: Math.max(0, totals.created + totals.updated + totals.deleted - changes.length),
    pushes,
    pushesOmitted: Math.max(0, countPushes(totals) - pushes.length),
    conflicts: source.conflicts.map(
      ({ conflictId, inputs, entityType, recordId, pointer, kind, rule, state: waits, sides }) => ({
        conflictId,
        inputs,
        entityType,
        recordId,
        pointer,
        kind,
        rule,
        state: waits,
        ...sides,
      }),
    ),
    planned: planned.map(({ entityType, recordId, toOurs, toTheirs, conflicts }) => ({
      entityType,
      recordId,
      toOurs,
      toTheirs,
      conflicts,
    })),
    plannedOmitted: isUnapplied(run) ? Math.max(0, countPlanned(entityTypes) - planned.length) : 0,
    noise: findNoise(source.fieldUpdates),
    links: source.dashboardUrl === null ? null : linkReport(source.dashboardUrl, run),
  };
}

/** Whether the plan is all that came of the run. Every other run that is looked at has one too, and then carried it out. */
function isUnapplied({ isDryRun, state }: ReportSource['run']): boolean {
  return isDryRun || state === 'held' || state === 'rejected' || state === 'expired';
}

/** A limit is for somebody to decide on only while the run is held. */
function limitAdvice(
  { isDryRun, state }: ReportSource['run'],
  { code }: RecordedFailure,
): { readonly advice?: string } {
  if (code !== 'limit_exceeded' || state === 'held') return {};
  return {
    advice: isDryRun
      ? 'A real run would be held here until somebody approves it.'
      : 'Nothing is to be done about this run any more; the next one looks anew.',
  };
}

function countPushes({ pushCreated, pushUpdated, pushDeleted, pushFailed }: RunCounts): number {
  return pushCreated + pushUpdated + pushDeleted + pushFailed;
}

/** Lines of the plan; a record that changes on both sides is two. Exact enough to say how many more there are. */
function countPlanned(entityTypes: ReportSource['entityTypes']): number {
  return entityTypes.reduce((total, { plan }) => {
    if (plan === null) return total;
    const { toOurs, toTheirs } = plan.counts;
    const sum = (counts: Readonly<Record<Action, number>>) => counts.create + counts.update + counts.delete;
    return total + Math.max(sum(toOurs), sum(toTheirs)) + plan.conflicts;
  }, 0);
}

/** Pure. The fields that differ, each with its rule. A keyed list is one field here, and its elements were decided one by one. */
export function describeFields(
  before: JsonObject | null,
  after: JsonObject | null,
  rules: readonly { readonly pointer: string; readonly rule: string }[],
  volatilePointers: readonly string[],
): readonly ReportField[] {
  return diffFields(before, after)
    .filter(({ pointer }) => !volatilePointers.includes(pointer))
    .map((field) => {
      const deciding = rules.filter(
        ({ pointer }) =>
          pointer === '' || pointer === field.pointer || pointer.startsWith(`${field.pointer}/`),
      );
      if (deciding.length === 0) return field;
      return { ...field, rule: [...new Set(deciding.map(({ rule }) => rule))].join(', ') };
    });
}

function limitFailure(limit: JsonObject): RecordedFailure {
  return { code: 'limit_exceeded', message: 'More would change than a safety limit allows', data: limit };
}

/** A collection that the vendor does not have is no problem. */
function isNotOffered(failure: RecordedFailure): boolean {
  return failure.code === 'not_found';
}

function secondsBetween(start: string | null, end: string | null): number | null {
  return start === null || end === null ? null : (Date.parse(end) - Date.parse(start)) / 1000;
}
