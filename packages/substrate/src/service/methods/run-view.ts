import { z } from 'zod';
import { type Run, type RunEntityType, runStates, stages } from '../../store/runs.ts';
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

export const EntityTypeView = z.strictObject({
  entityType: z.string(),
  stage: z.enum(stages),
  pages: Count,
  announced: Count.nullable().describe('How many records the vendor says there are, if it does'),
  counts: CountsView,
  failure: FailureView.nullable(),
  startedAt: Moment,
  finishedAt: Moment.nullable(),
});

/** A run as programs follow it. */
export const RunView = z.strictObject({
  customerId: z.string(),
  runId: z.string(),
  integrationId: z.string(),
  vendor: z.string(),
  context: z.string(),
  method: z.string(),
  state: z.enum(runStates),
  requestedAt: Moment,
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
    state: run.state as (typeof runStates)[number],
    requestedAt: run.requestedAt,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    lastSequence: run.lastSequence,
    failure: run.failure,
  };
}

export function viewEntityType(progress: RunEntityType): z.input<typeof EntityTypeView> {
  const { entityType, stage, pages, counts, evidence, failure, startedAt, finishedAt } = progress;
  return {
    entityType,
    stage: stage as (typeof stages)[number],
    pages,
    announced: evidence?.total ?? null,
    counts,
    failure,
    startedAt,
    finishedAt,
  };
}
