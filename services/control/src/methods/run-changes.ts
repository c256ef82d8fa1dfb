import {
  CustomerId,
  collectPage,
  EntityTypeName,
  fitPage,
  Json,
  Limit,
  RunId,
} from '@flotilla/substrate/methods';
import { volatilePointers } from '@flotilla/substrate/model';
import { keptRecordName } from '@flotilla/substrate/model/record-name';
import { describeFields } from '@flotilla/substrate/report/run-report';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { type Action, actions } from '@flotilla/substrate/settings/safety-limits';
import { type RecordedChange, readChanges, readRun } from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';

const ChangeView = z.strictObject({
  sequence: z.int().describe("The change's number within its integration"),
  entityType: z.string(),
  recordId: z.string(),
  name: z.string().nullable().describe('What people call the record, or called it; null: it has no name'),
  action: z.enum(actions),
  fields: z.array(
    z.strictObject({
      pointer: z.string(),
      before: Json.optional(),
      after: Json.optional(),
      rule: z.string().optional().describe('What decided it, where it was more than a change of the vendor'),
    }),
  ),
});

export const listRunChanges = defineMethod({
  name: 'runs.changes',
  version: 1,
  summary:
    'What a run changed on our side, record by record and field by field, in the order in which it did',
  description: 'The report shows the first of them; here are all, a page at a time.',
  params: z.strictObject({
    customerId: CustomerId,
    runId: RunId,
    entityType: EntityTypeName.optional(),
    action: z.enum(actions).optional().describe('Only records to which this was done'),
    after: z.int().min(0).optional().describe('The sequence of the last change of the page before'),
    limit: Limit,
  }),
  result: z.strictObject({
    changes: z.array(ChangeView),
    next: z
      .int()
      .nullable()
      .describe('Pass it as `after` for the next page; null on the last. A page may be short'),
  }),
  roles: ['admin', 'orchestrator', 'viewer'],
  errors: ['not_found'],
  async run({ context: { store } }: Call<Control>, { customerId, runId, entityType, action, after, limit }) {
    const run = await readRun(store, customerId, runId);
    const { firstSequence, lastSequence } = run;
    if (firstSequence === null) return { changes: [], next: null };
    const page = await collectPage<RecordedChange, Pick<RecordedChange, 'sequence'>>(
      async (from, size) => {
        const changes = await readChanges(store, run, Math.max(firstSequence, from?.sequence ?? 0), size);
        // Those of later runs follow; while this one goes on, there are none.
        return changes.filter(({ sequence }) => lastSequence === null || sequence <= lastSequence);
      },
      (change) =>
        change.runId === runId &&
        (entityType === undefined || change.entityType === entityType) &&
        (action === undefined || change.action === action),
      { after: after === undefined ? undefined : { sequence: after }, limit },
    );
    const { rows, next } = fitPage(page, viewChange, mostOfPage);
    return { changes: rows.map(viewChange), next: next?.sequence ?? null };
  },
});

/** They stand on the page of the run's report, which weighs something too. Bytes. */
const mostOfPage = 45_000;

function viewChange({ sequence, entityType, recordId, action, before, after, rules }: RecordedChange) {
  return {
    sequence,
    entityType,
    recordId,
    name: keptRecordName(after ?? before),
    action: action as Action,
    fields: describeFields(before, after, rules ?? [], volatilePointers).map((field) => ({ ...field })),
  };
}
