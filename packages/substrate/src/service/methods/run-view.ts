import { z } from 'zod';
import { actions, directions } from '../../settings/safety-limits.ts';
import {
  type BatchProgress,
  type EntityTypePlan,
  type ExceededLimit,
  type Run,
  type RunEntityType,
  runStates,
  stages,
} from '../../store/runs.ts';
import { JsonMembers } from './json-view.ts';

const Moment = z.iso.datetime({ offset: true });
const Count = z.int().min(0);

export const CountsView = z.strictObject({
  received: Count.describe("Records on the vendor's pages"),
  repeated: Count.describe('The same record once more, harmless'),
  unchanged: Count,
  quarantined: Count.describe('Left out, each named in the report'),
  created: Count,
  updated: Count,
  deleted: Count,
  withdrawn: Count.describe('Marked by the vendor as to be deleted'),
  agreed: Count.describe('Both sides came to the same by themselves'),
  conflicted: Count.describe('Held: both sides changed them differently, and nobody has decided yet'),
  pushCreated: Count.describe('Created at the vendor, read again and found there'),
  pushUpdated: Count,
  pushDeleted: Count,
  pushFailed: Count.describe('Refused by the vendor, or not kept as they were sent'),
});

export const FailureView = z.strictObject({
  code: z.string(),
  message: z.string(),
  data: JsonMembers,
});

const ActionCounts = z.strictObject({ create: Count, update: Count, delete: Count });

const ExceededLimitView = z.strictObject({
  direction: z.enum(directions),
  action: z.enum(actions),
  school: z.string().optional().describe('Present where the limit is one within a school'),
  planned: Count,
  allowed: Count,
  stored: Count.describe('Records that the share is of'),
});

const PlanView = z.strictObject({
  counts: z
    .strictObject({ toOurs: ActionCounts, toTheirs: ActionCounts })
    .describe('Records that the run means to change, on our side and at the vendor'),
  conflicts: Count.describe('Records that wait for a decision'),
  exceeded: z.array(ExceededLimitView).describe('Safety limits that the plan is over'),
});

const UploadView = z.strictObject({
  records: Count.describe('How many records are in it'),
  percent: z.number().min(0).max(100).nullable().describe('How far the vendor is, where it says so'),
});

export const EntityTypeView = z.strictObject({
  entityType: z.string(),
  stage: z.enum(stages),
  pages: Count,
  announced: Count.nullable().describe('How many records the vendor says there are, if it does'),
  counts: CountsView,
  plan: PlanView.nullable().describe('Null until it is planned; the changes themselves: runs.plan'),
  upload: UploadView.nullable().describe(
    'Present while the vendor works on records that were sent in one file',
  ),
  failure: FailureView.nullable(),
  startedAt: Moment,
  finishedAt: Moment.nullable(),
});

const DecisionView = z.strictObject({
  decision: z.enum(['approved', 'rejected']),
  by: z.string(),
  at: Moment,
  reason: z.string().nullable(),
  exceeded: z
    .record(z.string(), z.array(ExceededLimitView))
    .describe('By entity type: what was over a limit then; so much was approved, and no more'),
});

/** A run as programs follow it. */
export const RunView = z.strictObject({
  customerId: z.string(),
  runId: z.string(),
  integrationId: z.string(),
  vendor: z.string(),
  context: z.string(),
  method: z.string(),
  isDryRun: z.boolean().describe('Plans and shows what it would do; neither vendor nor store is written'),
  reverts: z.string().nullable().describe('The run whose changes this one takes back'),
  recordIds: z.array(z.string()).describe('Only these records of one entity type; empty: the whole set'),
  state: z.enum(runStates),
  heldSince: Moment.nullable().describe('Since when it waits for runs.approve or runs.reject'),
  expiresAt: Moment.nullable().describe('A held run that nobody has decided on by then ends as `expired`'),
  decision: DecisionView.nullable().describe('What was last said to it while it was held'),
  requestedAt: Moment,
  requestedBy: z.string().nullable().describe('An account, or the name of a local token; null: a night'),
  startedAt: Moment.nullable(),
  finishedAt: Moment.nullable(),
  lastSequence: Count.nullable().describe('The sequence of the last change committed when the run ended'),
  failure: FailureView.nullable(),
});

export const RunDetailView = RunView.extend({ entityTypes: z.array(EntityTypeView) });

export function viewRun(run: Run): z.input<typeof RunView> {
  return {
    customerId: run.customerId,
    runId: run.runId,
    integrationId: run.integrationId,
    vendor: run.vendor,
    context: run.context,
    method: run.method,
    isDryRun: run.isDryRun,
    reverts: run.reverts,
    recordIds: [...run.recordIds],
    state: run.state as (typeof runStates)[number],
    heldSince: run.heldSince,
    expiresAt: run.state === 'held' ? run.dueAt : null,
    decision: viewDecision(run.decision),
    requestedAt: run.requestedAt,
    requestedBy: run.requestedBy,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    lastSequence: run.lastSequence,
    failure: run.failure,
  };
}

export function viewEntityType(progress: RunEntityType): z.input<typeof EntityTypeView> {
  const { entityType, stage, pages, counts, evidence, plan, batch, failure, startedAt, finishedAt } =
    progress;
  return {
    entityType,
    stage: stage as (typeof stages)[number],
    pages,
    announced: evidence?.total ?? null,
    counts,
    plan: viewPlan(plan),
    upload: batch === null ? null : { records: batch.recordIds.length, percent: shareOf(batch) },
    failure,
    startedAt,
    finishedAt,
  };
}

function viewDecision(decision: Run['decision']): z.input<typeof DecisionView> | null {
  if (decision === null) return null;
  const exceeded = Object.entries(decision.exceeded).map(([name, limits]) => [name, viewExceeded(limits)]);
  return { ...decision, exceeded: Object.fromEntries(exceeded) };
}

/** A vendor may say anything. */
function shareOf({ percent }: BatchProgress): number | null {
  return percent === null ? null : Math.min(Math.max(percent, 0), 100);
}

/** Without the counts of each school, of which there may be hundreds. */
function viewPlan(plan: EntityTypePlan | null): z.input<typeof PlanView> | null {
  if (plan === null) return null;
  const { counts, conflicts, exceeded } = plan;
  return { counts, conflicts, exceeded: viewExceeded(exceeded) };
}

function viewExceeded(limits: readonly ExceededLimit[]): z.input<typeof ExceededLimitView>[] {
  return limits.map((limit) => ({ ...limit }));
}
