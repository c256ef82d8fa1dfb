import { Failure } from '@flotilla/substrate/failure';
import {
  CustomerId,
  EntityTypeName,
  fitPage,
  IntegrationId,
  Json,
  JsonMembers,
  Limit,
  RecordId,
} from '@flotilla/substrate/methods';
import { volatilePointers } from '@flotilla/substrate/model';
import { keptRecordName } from '@flotilla/substrate/model/record-name';
import { describeFields } from '@flotilla/substrate/report/run-report';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { actions } from '@flotilla/substrate/settings/safety-limits';
import {
  listRecordChanges,
  type RecordedChange,
  type Run,
  readAliases,
  readIntegration,
  readRecordNames,
  readRuns,
} from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { type Deed, listDeeds, readDecided } from './record-deeds.ts';

/** A change is shown twice over with its values, and field by field: about 4 KB. */
const mostChanges = 250;

const Sequence = z.int().min(1).describe('One more with each change of the integration');

const DeedView = z.strictObject({
  actor: z.string().describe('An account, or the name of a local token'),
  did: z
    .enum(['edited', 'decided', 'approved', 'reverted', 'asked'])
    .describe(
      '`decided`: a conflict of the record, which the merge followed. `approved`: the run, when it was held. `asked`: for the run, that it take place',
    ),
  at: z.iso.datetime(),
  reason: z.string().nullable(),
});

const ChangeView = z.strictObject({
  sequence: Sequence,
  changeId: z.string(),
  changedAt: z.iso.datetime(),
  action: z.enum(actions).describe('On our side'),
  runId: z
    .string()
    .describe('The run that did it; of an edit that began no run, its own id in the audit log'),
  by: z
    .array(DeedView)
    .describe('The people and programs behind it, latest first; empty: only the vendor and the settings'),
  run: z
    .strictObject({
      context: z.string(),
      method: z.string(),
      reverts: z.string().nullable().describe('The run that this one took back'),
    })
    .nullable()
    .describe('Null: an edit that began no run'),
  fields: z
    .array(
      z.strictObject({
        pointer: z.string().describe('JSON Pointer of the field'),
        before: Json.optional(),
        after: Json.optional(),
        rule: z
          .string()
          .optional()
          .describe('What decided it, where it was more than that one side had changed it'),
      }),
    )
    .describe('What differs; without members that change by themselves'),
  before: JsonMembers.nullable().optional().describe('The whole record; null: it was not there'),
  after: JsonMembers.nullable().optional(),
});

export const getRecordHistory = defineMethod({
  name: 'records.history',
  version: 1,
  summary:
    "One record's changes on our side, latest first: when, by which run and rule, and what it was before",
  params: z.strictObject({
    customerId: CustomerId,
    integrationId: IntegrationId,
    entityType: EntityTypeName,
    recordId: RecordId,
    values: z.boolean().default(false).describe('Whether to show the whole record before and after each'),
    after: Sequence.optional().describe('The sequence of the last change of the page before'),
    limit: Limit,
  }),
  result: z.strictObject({
    name: z
      .string()
      .nullable()
      .describe('What people call the record, or called it before it went; null: it has no name'),
    movedTo: z
      .string()
      .nullable()
      .describe('The id that the vendor has given the record since; what came later is under that one'),
    changes: z.array(ChangeView),
    next: Sequence.nullable().describe(
      'Pass it as `after` for the next page; null on the last. A page may be short',
    ),
  }),
  roles: ['admin', 'orchestrator', 'viewer'],
  errors: ['not_found'],
  async run({ context: { store } }: Call<Control>, { recordId, values, after, limit, ...scope }) {
    await readIntegration(store, scope.customerId, scope.integrationId);
    const size = Math.min(limit, mostChanges);
    const found = await listRecordChanges(store, { ...scope, recordId }, after, size);
    const { rows: changes, next } = fitPage<RecordedChange>(
      { rows: found, next: found.length < size ? null : (found.at(-1) ?? null) },
      (change) => viewChange(change, undefined, [], values),
    );
    const movedTo = (await readAliases(store, scope, [recordId])).get(recordId) ?? null;
    const [stored] = await readRecordNames(store, [{ ...scope, recordId }]);
    if (changes.length === 0 && after === undefined && movedTo === null && stored === undefined)
      throw new Failure('not_found', 'No such record, now or before', { data: { ...scope, recordId } });
    const [latest] = changes;
    const runIds = changes.map(({ runId }) => runId);
    const runsById = await readRuns(store, scope.customerId, runIds);
    const conflicts = await readDecided(store, { ...scope, recordId }, changes);
    return {
      name: stored?.name ?? keptRecordName(latest?.after ?? latest?.before),
      movedTo,
      changes: changes.map((change) => {
        const run = runsById.get(change.runId);
        const followed = conflicts.filter(({ endedByRunId }) => endedByRunId === change.runId);
        return viewChange(change, run, listDeeds(change, run, followed), values);
      }),
      next: next?.sequence ?? null,
    };
  },
});

function viewChange(
  change: RecordedChange,
  run: Run | undefined,
  by: readonly Deed[],
  values: boolean,
): z.input<typeof ChangeView> {
  const { sequence, changeId, changedAt, action, runId, before, after, rules } = change;
  return {
    sequence,
    changeId,
    changedAt,
    action,
    runId,
    by: [...by],
    run: run === undefined ? null : { context: run.context, method: run.method, reverts: run.reverts },
    fields: describeFields(before, after, rules ?? [], volatilePointers).map((field) => ({ ...field })),
    ...(values ? { before, after } : {}),
  };
}
