import { Failure } from '@flotilla/substrate/failure';
import { CustomerId, RunId, RunView, viewRun } from '@flotilla/substrate/methods';
import { decideRun } from '@flotilla/substrate/pipeline';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { readRun } from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { noteAction } from './note-action.ts';

export const Reason = z
  .string()
  .min(1)
  .max(1_000)
  .refine((reason) => reason.isWellFormed(), 'well-formed text, without half of a character')
  .describe('For those who read it later');

const Verdict = z.strictObject({
  customerId: CustomerId,
  runId: RunId,
  heldSince: z.iso
    .datetime()
    .optional()
    .describe(
      'As the run showed it; where it has gone on since and is held anew, nothing is decided. Left out: however it is held',
    ),
  reason: Reason.optional(),
});

export const approveRun = defineMethod({
  name: 'runs.approve',
  version: 1,
  summary:
    'Lets a held run go on, with no more than the numbers that it was held for (runs.plan shows the records); should it be more by then, it is held again',
  params: Verdict,
  result: RunView,
  roles: ['admin'],
  errors: ['not_found', 'stale_version'],
  run: (call: Call<Control>, verdict) => decide(call, 'approved', verdict),
});

export const rejectRun = defineMethod({
  name: 'runs.reject',
  version: 1,
  summary: 'Ends a held run; nothing of it is applied, and the next run looks anew',
  // Whoever comes after, and wonders why a night changed nothing, is told.
  params: Verdict.extend({ reason: Reason }),
  result: RunView,
  roles: ['admin'],
  errors: ['not_found', 'stale_version'],
  run: (call: Call<Control>, verdict) => decide(call, 'rejected', verdict),
});

async function decide(
  call: Call<Control>,
  decision: 'approved' | 'rejected',
  { customerId, runId, heldSince, reason }: z.output<typeof Verdict>,
): Promise<z.input<typeof RunView>> {
  const { context, caller } = call;
  const verdict = {
    customerId,
    runId,
    decision,
    by: caller.name,
    ...(reason === undefined ? {} : { reason }),
  };
  await decideRun(context, verdict, (transaction, run) => {
    if (heldSince !== undefined && Date.parse(heldSince) !== Date.parse(run.heldSince ?? '')) {
      throw new Failure('stale_version', 'The run is held anew, for other reasons than were seen', {
        data: { runId, expected: heldSince, found: run.heldSince },
      });
    }
    noteAction(call, transaction, {
      customerId,
      action: decision === 'approved' ? 'runs.approve.v1' : 'runs.reject.v1',
      target: { integrationId: run.integrationId, runId },
      detail: { heldSince: run.heldSince, ...(reason === undefined ? {} : { reason }) },
    });
  });
  return viewRun(await readRun(context.store, customerId, runId));
}
