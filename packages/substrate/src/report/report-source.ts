import type { JsonObject } from '../json/json-value.ts';
import type { Conflict } from '../merge/conflict.ts';
import type { PlanLine } from '../merge/plan.ts';
import type { Action, Direction } from '../settings/safety-limits.ts';
import type { FieldUpdates } from './find-noise.ts';
import type { LaterRevert } from './find-taken-back.ts';
import type { RecordedFailure } from './recorded-failure.ts';
import type { RunCounts } from './run-counts.ts';

/** A record's place in a report. */
interface NamedRecord {
  readonly entityType: string;
  readonly recordId: string;
}

/** Pure. What a report is made from: rows of the store, already read, and of each kind at most as many as the report should show. */
export interface ReportSource {
  readonly run: {
    readonly runId: string;
    readonly customerId: string;
    readonly integrationId: string;
    readonly vendor: string;
    readonly context: string;
    readonly method: string;
    readonly state: string;
    readonly isDryRun: boolean;
    readonly reverts: string | null;
    readonly requestedAt: string;
    /** Null: a night did. */
    readonly requestedBy: string | null;
    /** Why, as far as that was said. */
    readonly reason: string | null;
    readonly startedAt: string | null;
    readonly finishedAt: string | null;
    /** Of a held run: by then somebody must have decided. */
    readonly dueAt: string | null;
    readonly failure: RecordedFailure | null;
    readonly decision: {
      readonly decision: 'approved' | 'rejected';
      readonly by: string;
      readonly at: string;
      readonly reason: string | null;
    } | null;
  };
  readonly entityTypes: readonly {
    readonly entityType: string;
    readonly stage: string;
    readonly pages: number;
    readonly counts: RunCounts;
    readonly evidence: { readonly total?: number } | null;
    readonly failure: RecordedFailure | null;
    readonly plan: {
      readonly counts: Readonly<Record<Direction, Readonly<Record<Action, number>>>>;
      readonly conflicts: number;
      readonly exceeded: readonly {
        readonly direction: Direction;
        readonly action: Action;
        readonly school?: string;
        readonly planned: number;
        readonly allowed: number;
        readonly stored: number;
      }[];
    } | null;
    readonly startedAt: string;
    readonly finishedAt: string | null;
  }[];
  readonly quarantined: readonly {
    readonly entityType: string;
    readonly recordId: string | null;
    readonly page: number;
    readonly ordinal: number;
    readonly failure: RecordedFailure;
  }[];
  /** In order of their sequence. */
  readonly changes: readonly (NamedRecord & {
    readonly action: Action;
    readonly before: JsonObject | null;
    readonly after: JsonObject | null;
    /** The rule that decided each field, where it was more than that the vendor changed it. */
    readonly rules: readonly { readonly pointer: string; readonly rule: string }[] | null;
  })[];
  /** Records written to the vendor, or meant to be. */
  readonly pushes: readonly (NamedRecord & {
    readonly action: string;
    readonly state: string;
    readonly before: JsonObject | null;
    readonly after: JsonObject | null;
    readonly assignedId: string | null;
    readonly failure: RecordedFailure | null;
  })[];
  /** How many records the run meant to write to the vendor, and was broken off before it knew whether the vendor took them. */
  readonly pushesUnknown: number;
  /** Of a run that did not go well: the latest run of everything that has since. */
  readonly laterSuccess: { readonly runId: string; readonly at: string } | null;
  /** Later runs of the integration that were to take back a run. */
  readonly laterReverts: readonly LaterRevert[];
  /** Fields that wait for a person. */
  readonly conflicts: readonly (NamedRecord & {
    readonly conflictId: string;
    /** What a decision has to name, so that it holds for these values only. */
    readonly inputs: string;
    readonly state: string;
    readonly pointer: string;
    readonly kind: string;
    readonly rule: string;
    readonly sides: Pick<Conflict, 'base' | 'ours' | 'theirs'>;
  })[];
  /** Of a dry run, and of one that was held: what it would do. */
  readonly planned: readonly (NamedRecord & {
    readonly toOurs: readonly PlanLine[];
    readonly toTheirs: readonly PlanLine[];
    readonly conflicts: readonly Conflict[];
  })[];
  /** What people call these records, by entity type and id: of those that have a name. */
  readonly names: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Members that change without meaning anything; they are not shown. */
  readonly volatilePointers: readonly string[];
  /** Of this run and those before it, latest first: what changes every time is found from these. */
  readonly fieldUpdates: readonly (readonly FieldUpdates[])[];
  /** Where the dashboard is; null where nobody has said. */
  readonly dashboardUrl: string | null;
}
