import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { Conflict } from '../merge/conflict.ts';
import type { PlanLine } from '../merge/plan.ts';
import type { Action } from '../settings/safety-limits.ts';
import { boundFields, boundPlanned, weights } from './bound-records.ts';
import { composeVerdict } from './compose-verdict.ts';
import { type CutLengths, cutMembers } from './cut-members.ts';
import { describeProblem, type ReportProblem } from './describe-problem.ts';
import { describeStep } from './describe-step.ts';
import { diffFields, type FieldChange } from './diff-fields.ts';
import { findNoise, type ReportNoise } from './find-noise.ts';
import { findProblems } from './find-problems.ts';
import { findTakenBack, type TakenBack } from './find-taken-back.ts';
import { takeWithin } from './json-size.ts';
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
  /** Long ones are told by their beginning: how long they are. In the record they are whole. */
  readonly cut?: CutLengths;
}

export interface ReportChange {
  readonly entityType: string;
  readonly recordId: string;
  /** What people call it, where that is known. */
  readonly name?: string;
  readonly action: 'create' | 'update' | 'delete';
  readonly fields: readonly ReportField[];
  /** How many more fields there are, where not all are told. */
  readonly fieldsOmitted?: number;
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
  /** What people call it, where that is known. */
  readonly name?: string;
  readonly pointer: string;
  readonly kind: string;
  readonly rule: string;
  readonly state: string;
  readonly base?: JsonValue;
  readonly ours?: JsonValue;
  readonly theirs?: JsonValue;
  /** Of which sides only the beginning is told. Nobody can decide by these: `conflicts.list.v1` has the sides whole. */
  readonly cut?: CutLengths;
}

/** A line of a plan, and a conflict in one, with their long values cut. */
export interface ReportPlanLine extends PlanLine {
  readonly cut?: CutLengths;
}
interface ReportPlannedConflict extends Conflict {
  readonly cut?: CutLengths;
}

/** What a run would do to a record: of a dry run, and of one that is held or ended so. What became of an approved one its changes tell. */
export interface ReportPlanned {
  readonly entityType: string;
  readonly recordId: string;
  /** What people call it, where that is known. */
  readonly name?: string;
  readonly toOurs: readonly ReportPlanLine[];
  readonly toTheirs: readonly ReportPlanLine[];
  readonly conflicts: readonly ReportPlannedConflict[];
  /** How many more lines and conflicts there are, where not all are told. */
  readonly linesOmitted?: number;
}

/** A run as people read it, in less than 140 kB of JSON whatever is in its records. All times are RFC 3339, UTC. */
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
  /** Who asked for it, an account or the name of a local token; null: a night did. */
  readonly requestedBy: string | null;
  /** Of a run that takes back another: why, as far as that was said. */
  readonly reason: string | null;
  /** The later run that took this one back, or was to; null: nobody has asked for one. */
  readonly takenBack: TakenBack | null;
  /** Of a run that did not go well: the latest run of everything that has since. */
  readonly laterSuccess: ReportSource['laterSuccess'];
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
  /** Those that are not told, since there are too many. */
  readonly problemsOmitted: number;
  readonly changes: readonly ReportChange[];
  readonly changesOmitted: number;
  readonly pushes: readonly ReportPush[];
  readonly pushesOmitted: number;
  readonly conflicts: readonly ReportConflict[];
  /** Of those that were asked for, how many found no room. */
  readonly conflictsOmitted: number;
  readonly planned: readonly ReportPlanned[];
  readonly plannedOmitted: number;
  /** Fields that change every time and could be declared volatile. */
  readonly noise: readonly ReportNoise[];
  /** Null where nobody has said where the dashboard is. */
  readonly links: ReportLinks | null;
}

/** Pure. A run's report from its rows. */
export function buildReport(source: ReportSource): RunReport {
  const { run, entityTypes } = source;
  const totals = addCounts(...entityTypes.map((each) => each.counts));
  const { runId, customerId, integrationId, vendor, context, method, state, isDryRun, reverts, decision } =
    run;
  const takenBack = findTakenBack(runId, source.laterReverts);
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
    requestedBy: run.requestedBy,
    reason: run.reason,
    takenBack,
    laterSuccess: source.laterSuccess,
    expiresAt: state === 'held' ? run.dueAt : null,
    decision:
      decision === null
        ? null
        : { decision: decision.decision, by: decision.by, at: decision.at, reason: decision.reason },
    verdict: composeVerdict(source, totals, takenBack),
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
    ...tellProblems(source, totals),
    ...tellChanges(source, totals),
    ...tellPushes(source, totals),
    ...tellConflicts(source),
    ...tellPlanned(source),
    noise: takeWithin(findNoise(source.fieldUpdates), weights.noise, (noise) => noise),
    links: source.dashboardUrl === null ? null : linkReport(source.dashboardUrl, run),
  };
}

function nameIn(
  { names }: Pick<ReportSource, 'names'>,
  { entityType, recordId }: { readonly entityType?: string; readonly recordId?: string | null },
): { readonly name?: string } {
  const name = names.get(entityType ?? '')?.get(recordId ?? '');
  return name === undefined ? {} : { name };
}

function tellProblems(
  source: ReportSource,
  totals: RunCounts,
): Pick<RunReport, 'problems' | 'problemsOmitted'> {
  const isEnded = source.run.finishedAt !== null;
  const all = findProblems(source);
  const problems = takeWithin(all, weights.problems, ({ failure, where }) => ({
    ...describeProblem(failure, isEnded, where),
    ...nameIn(source, where),
  }));
  const refused = source.pushes.filter(({ failure }) => failure !== null).length;
  const unread =
    Math.max(0, totals.quarantined - source.quarantined.length) + Math.max(0, totals.pushFailed - refused);
  return { problems, problemsOmitted: unread + all.length - problems.length };
}

function tellChanges(
  { changes: all, names, volatilePointers }: ReportSource,
  { created, updated, deleted }: RunCounts,
): Pick<RunReport, 'changes' | 'changesOmitted'> {
  const changes = takeWithin(
    all,
    weights.changes,
    ({ entityType, recordId, action, before, after, rules }) => ({
      entityType,
      recordId,
      ...nameIn({ names }, { entityType, recordId }),
      action,
      ...boundFields(describeFields(before, after, rules ?? [], volatilePointers)),
    }),
  );
  return { changes, changesOmitted: omitted(created + updated + deleted, all, changes) };
}

function tellPushes(
  { pushes: all, pushesUnknown, names, volatilePointers }: ReportSource,
  { pushCreated, pushUpdated, pushDeleted, pushFailed }: RunCounts,
): Pick<RunReport, 'pushes' | 'pushesOmitted'> {
  const pushes = takeWithin(
    all,
    weights.pushes,
    ({ entityType, recordId, action, state, before, after, assignedId }) => ({
      entityType,
      recordId,
      ...nameIn({ names }, { entityType, recordId }),
      action: action as Action,
      state,
      assignedId,
      ...boundFields(describeFields(before, after, [], volatilePointers)),
    }),
  );
  const count = pushCreated + pushUpdated + pushDeleted + pushFailed + pushesUnknown;
  return { pushes, pushesOmitted: omitted(count, all, pushes) };
}

function tellConflicts({
  conflicts: all,
  names,
}: ReportSource): Pick<RunReport, 'conflicts' | 'conflictsOmitted'> {
  const conflicts = takeWithin(
    all,
    weights.conflicts,
    ({ conflictId, inputs, entityType, recordId, pointer, kind, rule, state, sides }) =>
      cutMembers({
        conflictId,
        inputs,
        entityType,
        recordId,
        ...nameIn({ names }, { entityType, recordId }),
        pointer,
        kind,
        rule,
        state,
        ...sides,
      }),
  );
  return { conflicts, conflictsOmitted: all.length - conflicts.length };
}

function tellPlanned({
  run,
  entityTypes,
  planned: all,
  names,
}: ReportSource): Pick<RunReport, 'planned' | 'plannedOmitted'> {
  if (!isUnapplied(run)) return { planned: [], plannedOmitted: 0 };
  const planned = takeWithin(all, weights.changes, (one) => ({
    entityType: one.entityType,
    recordId: one.recordId,
    ...nameIn({ names }, one),
    ...boundPlanned(one),
  }));
  return { planned, plannedOmitted: omitted(countPlanned(entityTypes), all, planned) };
}

/** How many are not told: not read, or without room. A run under way has more than it has counted. */
function omitted(count: number, read: readonly unknown[], told: readonly unknown[]): number {
  return Math.max(count, read.length) - told.length;
}

/** Whether the plan is all that came of the run. Every other run that is looked at has one too, and then carried it out. */
function isUnapplied({ isDryRun, state }: ReportSource['run']): boolean {
  return isDryRun || state === 'held' || state === 'rejected' || state === 'expired';
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

function secondsBetween(start: string | null, end: string | null): number | null {
  return start === null || end === null ? null : (Date.parse(end) - Date.parse(start)) / 1000;
}
