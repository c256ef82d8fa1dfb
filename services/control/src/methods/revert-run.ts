import { randomUUID } from 'node:crypto';
import { Failure } from '@flotilla/substrate/failure';
import { CustomerId, RunId } from '@flotilla/substrate/methods';
import type { EntityType } from '@flotilla/substrate/model';
import { insertQueuedRun } from '@flotilla/substrate/pipeline';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { type Run, readRun } from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { Reason } from './decide-runs.ts';
import { noteAction } from './note-action.ts';
import { wakeRun } from './record-runs.ts';

export const revertRun = defineMethod({
  name: 'runs.revert',
  version: 1,
  summary:
    'Starts a run that takes back what another one changed; refused by that run where later ones changed the same fields',
  params: z.strictObject({
    customerId: CustomerId,
    runId: RunId.describe('The run to take back'),
    reason: Reason.optional(),
  }),
  result: z.strictObject({ runId: RunId.describe('The run that takes it back') }),
  roles: ['admin'],
  errors: ['not_found', 'config_invalid'],
  async run(call: Call<Control>, { customerId, runId: reverted, reason }) {
    const { context } = call;
    const runId = randomUUID();
    await context.store.transaction(async (transaction) => {
      const run = await readRun(transaction, customerId, reverted);
      requireRevertible(run);
      const { integrationId } = run;
      const entityTypes = run.entityTypes as readonly EntityType[];
      const action = 'runs.revert.v1';
      const request = {
        customerId,
        integrationId,
        context: 'manual',
        method: action,
        entityTypes,
        reverts: reverted,
        requestedBy: call.caller.name,
        ...(reason === undefined ? {} : { reason }),
      } as const;
      await insertQueuedRun(context, transaction, request, runId);
      noteAction(call, transaction, {
        customerId,
        action,
        target: { integrationId, runId: reverted },
        detail: { startedRunId: runId, ...(reason === undefined ? {} : { reason }) },
      });
    });
    await wakeRun(context, customerId, runId);
    return { runId };
  },
});

const open: readonly string[] = ['queued', 'running', 'held'];
const withoutChanges: readonly string[] = ['unchanged', 'rejected', 'expired'];

function requireRevertible({ state, isDryRun }: Run): void {
  if (isDryRun) throw refuse('a dry run changes nothing, so there is nothing to take back');
  if (open.includes(state)) throw refuse(`the run is ${state}: only a finished one can be taken back`);
  if (withoutChanges.includes(state))
    throw refuse(`the run ended as ${state}: it changed nothing, so there is nothing to take back`);
}

function refuse(message: string): Failure {
  return new Failure('invalid_params', 'The run cannot be taken back', {
    data: { issues: [{ pointer: '/runId', message }] },
  });
}
