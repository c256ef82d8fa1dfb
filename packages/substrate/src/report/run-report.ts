import { type Actor, type FailureCode, factsOf, type RetryVerdict } from '../failure/codes.ts';
import type { JsonObject } from '../json/json-value.ts';
import { diffFields, type FieldChange } from './diff-fields.ts';
import type { RecordedFailure } from './recorded-failure.ts';
import { addCounts, type RunCounts } from './run-counts.ts';

/** What a report is made from: rows of the store, already read. */
export interface ReportSource {
  readonly run: {
    readonly runId: string;
    readonly customerId: string;
    readonly integrationId: string;
    readonly vendor: string;
    readonly context: string;
    readonly method: string;
    readonly state: string;
    readonly requestedAt: string;
    readonly startedAt: string | null;
    readonly finishedAt: string | null;
    readonly failure: RecordedFailure | null;
  };
  readonly entityTypes: readonly {
    readonly entityType: string;
    readonly stage: string;
    readonly pages: number;
    readonly counts: RunCounts;
    readonly evidence: { readonly total?: number } | null;
    readonly failure: RecordedFailure | null;
    readonly startedAt: string;
    readonly finishedAt: string | null;
  }[];
  /** At most as many as the report should name. */
  readonly quarantined: readonly {
    readonly entityType: string;
    readonly recordId: string | null;
    readonly page: number;
    readonly ordinal: number;
    readonly failure: RecordedFailure;
  }[];
  /** In order of their sequence; at most as many as the report should show. */
  readonly changes: readonly {
    readonly entityType: string;
    readonly recordId: string;
    readonly action: 'create' | 'update' | 'delete';
    readonly before: JsonObject | null;
    readonly after: JsonObject | null;
  }[];
  /** Members that change without meaning anything; they are not shown. */
  readonly volatilePointers: readonly string[];
}

export interface ReportStep {
  readonly entityType: string;
  /** `fetching`, `merging`, `deleting`, `done`, `failed` or `skipped`. */
  readonly stage: string;
  /** Null while it goes on. */
  readonly seconds: number | null;
  readonly pages: number;
  /** How many records the vendor said there are, if it did. */
  readonly announced: number | null;
  readonly counts: RunCounts;
}

/** Something that somebody should know, and perhaps mend. */
export interface ReportProblem {
  readonly code: FailureCode;
  readonly entityType: string | null;
  readonly recordId: string | null;
  /** Where it stood, for a record without an id: page and place, from 1. */
  readonly place: string | null;
  readonly message: string;
  readonly data: JsonObject;
  readonly retry: RetryVerdict;
  readonly actor: Actor;
  readonly advice: string;
}

export interface ReportChange {
  readonly entityType: string;
  readonly recordId: string;
  readonly action: 'create' | 'update' | 'delete';
  readonly fields: readonly FieldChange[];
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
}

/** Pure. A run's report from its rows. */
export function buildReport(source: ReportSource): RunReport {
  const { run, entityTypes, quarantined, volatilePointers } = source;
  const totals = addCounts(...entityTypes.map((each) => each.counts));
  const problems = [
    ...(run.failure === null ? [] : [toProblem(run.failure, {})]),
    ...entityTypes.flatMap(({ entityType, failure }) =>
      failure === null || isNotOffered(failure) ? [] : [toProblem(failure, { entityType })],
    ),
    ...quarantined.map(({ entityType, recordId, page, ordinal, failure }) =>
      toProblem(failure, { entityType, recordId, place: `page ${page + 1}, record ${ordinal + 1}` }),
    ),
  ];
  const changes = source.changes.map(({ entityType, recordId, action, before, after }) => ({
    entityType,
    recordId,
    action,
    fields: diffFields(before, after).filter(({ pointer }) => !volatilePointers.includes(pointer)),
  }));
  const { runId, customerId, integrationId, vendor, context, method, state } = run;
  return {
    runId,
    customerId,
    integrationId,
    vendor,
    context,
    method,
    state,
    verdict: composeVerdict(state, totals, run.failure, entityTypes),
    requestedAt: run.requestedAt,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    seconds: secondsBetween(run.startedAt, run.finishedAt),
    totals,
    steps: entityTypes.map((each) => ({
      entityType: each.entityType,
      stage: each.stage,
      seconds: secondsBetween(each.startedAt, each.finishedAt),
      pages: each.pages,
      announced: each.evidence?.total ?? null,
      counts: each.counts,
    })),
    problems,
    problemsOmitted: Math.max(0, totals.quarantined - quarantined.length),
    changes,
    changesOmitted: Math.max(0, totals.created + totals.updated + totals.deleted - changes.length),
  };
}

/** A collection that the vendor does not have is no problem. */
function isNotOffered(failure: RecordedFailure): boolean {
  return failure.code === 'not_found';
}

function toProblem(
  { code, message, data }: RecordedFailure,
  where: { readonly entityType?: string; readonly recordId?: string | null; readonly place?: string },
): ReportProblem {
  const { retry, actor, advice } = factsOf(code);
  return {
    code,
    entityType: where.entityType ?? null,
    recordId: where.recordId ?? null,
    place: where.place ?? null,
    message,
    data,
    retry,
    actor,
    advice,
  };
}

function secondsBetween(start: string | null, end: string | null): number | null {
  return start === null || end === null ? null : (Date.parse(end) - Date.parse(start)) / 1000;
}

function composeVerdict(
  state: string,
  totals: RunCounts,
  failure: RecordedFailure | null,
  entityTypes: ReportSource['entityTypes'],
): string {
  const done = describeChanges(totals);
  switch (state) {
    case 'queued':
      return 'Waiting to start.';
    case 'running':
      return `Under way: ${number(totals.received)} records read so far.`;
    case 'failed':
      return `Failed: ${failure?.message ?? 'for an unknown reason'}. ${done}`;
    case 'partial': {
      const undone = entityTypes.filter((each) => each.failure !== null && !isNotOffered(each.failure));
      return `Not everything could be done (${undone.map((each) => each.entityType).join(', ')}). ${done}`;
    }
    default:
      return totals.quarantined === 0
        ? `All is well. ${done}`
        : `${done} ${describeQuarantine(totals.quarantined)}`;
  }
}

function describeChanges({ received, created, updated, deleted, withdrawn }: RunCounts): string {
  const marked =
    withdrawn === 0 ? '' : `, ${number(withdrawn)} of them marked by the vendor as to be deleted`;
  if (created + updated + deleted === 0)
    return `${number(received)} records checked${marked}, nothing had changed.`;
  return `${number(received)} records checked${marked}: ${number(created)} created, ${number(updated)} updated, ${number(deleted)} deleted.`;
}

function describeQuarantine(count: number): string {
  return count === 1
    ? 'One record was left out and needs a correction.'
    : `${number(count)} records were left out and need a correction.`;
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}
