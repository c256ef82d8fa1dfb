import { randomUUID } from 'node:crypto';
import { Failure } from '@flotilla/substrate/failure';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import {
  CustomerId,
  EntityTypeName,
  IntegrationId,
  JsonMembers,
  RecordId,
  RunId,
} from '@flotilla/substrate/methods';
import type { EntityType } from '@flotilla/substrate/model';
import { type EditedRecord, editRecord } from '@flotilla/substrate/pipeline';
import { diffFields } from '@flotilla/substrate/report/diff-fields';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { readIntegration } from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { noteAction } from './note-action.ts';
import { listRecordFaults } from './record-fault.ts';
import { findWaitingRun, isPushedAtOnce, joinRun, wakeRun } from './record-runs.ts';
import { sendChanges } from './send-changes.ts';

const Edited = z.strictObject({
  recordId: z
    .string()
    .describe('Under which the record stands: where the vendor gave it another id, that one'),
  version: z.int().describe('Of the record now; of one that is gone, its last'),
  changed: z.boolean().describe('False: it was as asked already'),
  runId: RunId.nullable().describe(
    'The realtime run that brings the edit to the vendor; several edits may share one. Null: nothing goes there at once',
  ),
});

const which = {
  customerId: CustomerId,
  integrationId: IntegrationId,
  entityType: EntityTypeName,
  recordId: RecordId.describe('An id that the vendor has replaced by one of its own finds the record too'),
};

const IfVersion = z
  .int()
  .min(0)
  .optional()
  .describe(
    'The version that was seen; where another one stands, nothing is changed. Left out: whatever stands',
  );

export const putRecord = defineMethod({
  name: 'records.put',
  version: 1,
  summary:
    'Creates or replaces one of our records; where its entity type is written back, a run brings it to the vendor',
  description:
    'The edit is done when this answers. A run that then fails loses nothing: what the vendor does not have yet is found by every later run.',
  params: z.strictObject({
    ...which,
    value: JsonMembers.describe('The whole record in the canonical model of its entity type'),
    ifVersion: IfVersion.describe(
      'As records.get shows it; 0: there must be no such record yet. Left out: whatever stands',
    ),
  }),
  result: Edited,
  roles: ['admin', 'orchestrator'],
  errors: ['not_found', 'stale_version'],
  async run(call: Call<Control>, { value, ...edit }) {
    const issues = listRecordFaults(edit.entityType as EntityType, value);
    if (issues.length > 0) {
      throw new Failure('invalid_params', 'The value is no sound record of its entity type', {
        data: { issues: issues.map(({ pointer, message }) => ({ pointer: `/value${pointer}`, message })) },
      });
    }
    return await edited(call, 'records.put.v1', { ...edit, value });
  },
});

export const deleteRecord = defineMethod({
  name: 'records.delete',
  version: 1,
  summary:
    'Deletes one of our records; where its entity type is written back, a run deletes it at the vendor',
  params: z.strictObject({ ...which, ifVersion: IfVersion }),
  result: Edited,
  roles: ['admin', 'orchestrator'],
  errors: ['not_found', 'stale_version'],
  run: (call: Call<Control>, edit) => edited(call, 'records.delete.v1', { ...edit, value: null }),
});

interface Edit {
  readonly customerId: string;
  readonly integrationId: string;
  readonly entityType: string;
  readonly recordId: string;
  readonly value: JsonObject | null;
  readonly ifVersion?: number | undefined;
}

/** Record, change, run and audit entry in one commit; then the run is woken and the change sent on. */
async function edited(call: Call<Control>, action: string, edit: Edit): Promise<z.input<typeof Edited>> {
  const { customerId, integrationId } = edit;
  for (;;) {
    const outcome = await tryEdit(call, action, edit);
    if (outcome === 'run has begun') continue;
    if (outcome.runId !== null) await wakeRun(call.context, customerId, outcome.runId);
    if (outcome.changed) await sendChanges(call, { customerId, integrationId });
    return outcome;
  }
}

/** Not `aborted`: of that the database thinks that it is its own, and has the same body run again for half a minute. */
const runHasBegun = new Failure('stale_version', 'The run that was to take the edit along has begun');

async function tryEdit(
  call: Call<Control>,
  action: string,
  { ifVersion, ...edit }: Edit,
): Promise<z.input<typeof Edited> | 'run has begun'> {
  const { context } = call;
  const { customerId, integrationId, recordId: askedId } = edit;
  const entityType = edit.entityType as EntityType;
  const seen = await readIntegration(context.store, customerId, integrationId);
  const request = {
    integration: seen,
    entityType,
    recordIds: [askedId],
    method: action,
    requestedBy: call.caller.name,
  };
  const waiting = isPushedAtOnce(context, seen, entityType)
    ? await findWaitingRun(context.store, request)
    : undefined;
  const entryId = randomUUID();
  // What the change names: the run that takes it along; for an edit without a run, its audit entry.
  const runId = waiting?.runId ?? entryId;
  let isQueued = false;
  try {
    const { recordId, version, changed } = await editRecord(
      context,
      { ...edit, runId, actor: call.caller.name, ...(ifVersion === undefined ? {} : { ifVersion }) },
      async (transaction, result) => {
        isQueued = false;
        if (!result.changed) return;
        const integration = await readIntegration(transaction, customerId, integrationId);
        if (isPushedAtOnce(context, integration, entityType)) {
          const recordIds = [result.recordId];
          const wanted = { ...request, integration, recordIds };
          if (!(await joinRun(context, transaction, wanted, runId, waiting !== undefined))) throw runHasBegun;
          isQueued = true;
        }
        noteAction(call, transaction, {
          customerId,
          entryId,
          action,
          target: { integrationId, entityType, recordId: result.recordId, ...(isQueued ? { runId } : {}) },
          detail: describeEdit(edit.value, result),
        });
      },
    );
    return { recordId, version, changed, runId: isQueued ? runId : null };
  } catch (thrown) {
    if (thrown === runHasBegun) return 'run has begun';
    throw thrown;
  }
}

function describeEdit(after: JsonObject | null, { version, before }: EditedRecord): JsonObject {
  const action = before === null ? 'create' : after === null ? 'delete' : 'update';
  // Whole records are in the changes; here stands what somebody touched.
  const fields = action === 'update' ? diffFields(before, after).map((field) => ({ ...field })) : [];
  return { action, version, ...(fields.length === 0 ? {} : { fields }) };
}
