import { randomUUID } from 'node:crypto';
import { Failure, isFailure } from '@flotilla/substrate/failure';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { CustomerId, Json, RunId } from '@flotilla/substrate/methods';
import type { EntityType } from '@flotilla/substrate/model';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { IntegrationSettings } from '@flotilla/substrate/settings/integration-settings';
import {
  putConflicts,
  readConflict,
  readIntegration,
  readRecords,
  type Store,
  type StoredConflict,
  type StoreTransaction,
} from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { ConflictView, viewConflicts } from './conflict-view.ts';
import { ConflictId } from './conflicts.ts';
import { Reason } from './decide-runs.ts';
import { ForetoldView, foretell } from './foretell.ts';
import { noteAction } from './note-action.ts';
import { listRecordFaults } from './record-fault.ts';
import { findWaitingRun, joinRun, wakeRun } from './record-runs.ts';
import { tryDecision } from './try-decision.ts';

/** All are decided in one commit, or none is. */
const mostDecisions = 100;

const DecisionParam = z.strictObject({
  conflictId: ConflictId,
  inputs: z
    .string()
    .min(1)
    .max(100)
    .describe('As the conflict showed it: what was seen when this was decided'),
  choice: z
    .union([z.enum(['ours', 'theirs']), z.strictObject({ value: Json })], {
      error: '"ours", "theirs", or a value of your own as {"value": …}',
    })
    .describe('Whose state holds, absence included; or the value of the field, which is sound in its record'),
  ifVersion: z
    .int()
    .min(1)
    .optional()
    .describe(
      "The conflict's version that was seen. Left out: an earlier decision is replaced, whoever made it",
    ),
});
type DecisionParam = z.output<typeof DecisionParam>;

export const resolveConflicts = defineMethod({
  name: 'conflicts.resolve',
  version: 1,
  summary:
    'Decides conflicts, each by ours, theirs or a value; the next merge of the record follows, once all of its conflicts are decided',
  description:
    'All or none. A decision may be made anew until a merge has followed it. It holds for what was seen and nothing else: where a side changes before the merge, the conflict is found again as another one. With `dryRun` it is checked and foretold, and nothing is decided.',
  params: z.strictObject({
    customerId: CustomerId,
    decisions: z.array(DecisionParam).min(1).max(mostDecisions),
    reason: Reason.optional(),
    apply: z
      .boolean()
      .default(false)
      .describe(
        'True: a realtime run merges the records at once, where the vendor shows single records (else that run fails and the next whole run follows). False: the next run does it',
      ),
    dryRun: z
      .boolean()
      .default(false)
      .describe('True: says what the decisions would do (`foretold`), and does nothing'),
  }),
  result: z.strictObject({
    conflicts: z.array(ConflictView).describe('As they are decided now; with `dryRun`, as they stand'),
    foretold: z.array(ForetoldView).describe('What the run that follows does, for each of the decisions'),
    runIds: z
      .array(RunId)
      .describe('The realtime runs, one an integration and entity type; none without `apply`'),
  }),
  roles: ['admin'],
  errors: ['not_found', 'stale_version'],
  async run(call: Call<Control>, { customerId, decisions, reason = null, apply, dryRun }) {
    requireOnce(decisions);
    const { context } = call;
    // Before anything is locked: it looks at all that waits in the same records.
    const seen = await readSeen(context.store, customerId, decisions);
    const foretold = await foretell(context.store, seen);
    if (dryRun) {
      const conflicts = seen.map(([, conflict]) => conflict);
      return { conflicts: await viewConflicts(context.store, conflicts), foretold, runIds: [] };
    }
    const { decided, runIds } = await context.store.transaction(async (transaction) => {
      const pairs = await readSeen(transaction, customerId, decisions);
      const decidedAt = new Date(context.clock.now()).toISOString();
      const decided = pairs.map(([{ choice }, conflict]) => ({
        ...conflict,
        state: 'decided',
        decision: { choice, reason, decidedBy: call.caller.name, decidedAt },
        version: conflict.version + 1,
      }));
      putConflicts(transaction, decided);
      decided.forEach((conflict, index) => noteDecision(call, transaction, conflict, pairs[index]?.[1]));
      return { decided, runIds: apply ? await mergeSoon(call, transaction, decided) : [] };
    });
    for (const runId of runIds) await wakeRun(context, customerId, runId);
    return { conflicts: await viewConflicts(context.store, decided), foretold, runIds: [...runIds] };
  },
});

function requireOnce(decisions: readonly DecisionParam[]): void {
  const ids = decisions.map(({ conflictId }) => conflictId);
  const issues = ids.flatMap((id, index) =>
    ids.indexOf(id) === index
      ? []
      : [{ pointer: `/decisions/${index}/conflictId`, message: 'is decided in this call already' }],
  );
  if (issues.length > 0)
    throw new Failure('invalid_params', 'A conflict is decided twice', { data: { issues } });
}

/** Each decision with the conflict that it is about. */
type Pairs = readonly (readonly [DecisionParam, StoredConflict])[];

/** Fails where one is not there, not as it was seen, or decided by a value that cannot be. */
async function readSeen(
  reader: Store | StoreTransaction,
  customerId: string,
  decisions: readonly DecisionParam[],
): Promise<Pairs> {
  const pairs = await Promise.all(
    decisions.map(
      async (decision) => [decision, await readConflict(reader, customerId, decision.conflictId)] as const,
    ),
  );
  requireAsSeen(pairs);
  await requireSoundValues(reader, pairs);
  return pairs;
}

function requireAsSeen(pairs: Pairs): void {
  const stale = pairs.filter(
    ([{ inputs, ifVersion }, conflict]) =>
      conflict.openSince === null ||
      conflict.inputs !== inputs ||
      (ifVersion !== undefined && ifVersion !== conflict.version),
  );
  if (stale.length === 0) return;
  throw new Failure('stale_version', 'Conflicts are not as they were seen, so none was decided', {
    data: {
      conflicts: stale.map(([, { conflictId, state, inputs, version }]) => ({
        conflictId,
        state,
        inputs,
        version,
      })),
    },
  });
}

/** A value is somebody's own: the record that it makes must be one that may be stored. What a side has is sound already. */
async function requireSoundValues(reader: Store | StoreTransaction, pairs: Pairs): Promise<void> {
  const issues: { readonly pointer: string; readonly message: string }[] = [];
  for (const [index, [{ choice }, conflict]] of pairs.entries()) {
    if (typeof choice === 'string') continue;
    const pointer = `/decisions/${index}/choice/value`;
    for (const message of await listValueFaults(reader, conflict, choice)) issues.push({ pointer, message });
  }
  if (issues.length > 0) {
    throw new Failure('invalid_params', 'The record would not be sound with this value', {
      data: { issues },
    });
  }
}

async function listValueFaults(
  reader: Store | StoreTransaction,
  conflict: StoredConflict,
  choice: DecisionParam['choice'],
): Promise<readonly string[]> {
  const { customerId, integrationId, entityType, recordId } = conflict;
  const integration = await readIntegration(reader, customerId, integrationId);
  const stored = await readRecords(reader, { customerId, integrationId, entityType }, [recordId]);
  const settings = IntegrationSettings.parse(integration.settings);
  try {
    const merged = tryDecision(conflict, stored.get(recordId), settings, choice);
    if (merged?.result === undefined) return [];
    const faults = listRecordFaults(entityType as EntityType, merged.result);
    return faults.map(({ pointer, message }) => (pointer === '' ? message : `${pointer}: ${message}`));
  } catch (thrown) {
    if (!isFailure(thrown, 'invalid_params')) throw thrown;
    const { found } = thrown.data;
    return [typeof found === 'string' ? `${thrown.message}; here is ${found}` : thrown.message];
  }
}

function noteDecision(
  call: Call<Control>,
  transaction: StoreTransaction,
  { customerId, integrationId, entityType, recordId, conflictId, pointer, decision }: StoredConflict,
  before: StoredConflict | undefined,
): void {
  noteAction(call, transaction, {
    customerId,
    action: 'conflicts.resolve.v1',
    target: { integrationId, entityType, recordId, conflictId },
    detail: {
      pointer,
      choice: decision?.choice ?? null,
      reason: decision?.reason ?? null,
      ...(before?.decision == null ? {} : { before: { ...before.decision } }),
    } as JsonObject,
  });
}

/** Buffers the runs that merge the decided records at once. A paused integration has none, nor one whose vendor is not deployed. */
async function mergeSoon(
  { context, caller }: Call<Control>,
  transaction: StoreTransaction,
  decided: readonly StoredConflict[],
): Promise<readonly string[]> {
  const groups = Map.groupBy(decided, ({ integrationId, entityType }) => `${integrationId}/${entityType}`);
  const runIds: string[] = [];
  for (const group of groups.values()) {
    const { customerId, integrationId, entityType } = group[0] as StoredConflict;
    const integration = await readIntegration(transaction, customerId, integrationId);
    if (integration.state !== 'active' || !context.vendors.includes(integration.vendor)) continue;
    const recordIds = [...new Set(group.map(({ recordId }) => recordId))];
    const request = {
      integration,
      entityType: entityType as EntityType,
      recordIds,
      method: 'conflicts.resolve.v1',
      requestedBy: caller.name,
    };
    const waiting = await findWaitingRun(transaction, request);
    const runId = waiting?.runId ?? randomUUID();
    await joinRun(context, transaction, request, runId, waiting !== undefined);
    runIds.push(runId);
  }
  return runIds;
}
