import { Failure } from '@flotilla/substrate/failure';
import { CustomerId, Limit, RunId, RunView, viewRun } from '@flotilla/substrate/methods';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { listNightRuns, readNight, readRun } from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { requestNight } from '../nightly.ts';

const NightDate = z.iso.date().describe('The date by which the night goes');

export const runNightly = defineMethod({
  name: 'nightly.run',
  version: 1,
  summary:
    'Starts a run for every active integration; answers at once. Asking twice for a night starts nothing twice',
  params: z.strictObject({ night: NightDate.optional().describe('Default: today, UTC') }),
  result: z.strictObject({ night: z.iso.date(), created: z.boolean() }),
  roles: ['admin', 'orchestrator', 'scheduler'],
  async run({ context }: Call<Control>, { night }) {
    return await requestNight(context, night ?? new Date(context.clock.now()).toISOString().slice(0, 10));
  },
});

export const getNight = defineMethod({
  name: 'nightly.get',
  version: 1,
  summary: 'How far the fan-out of a night has come, and the runs it began',
  params: z.strictObject({
    night: NightDate,
    after: z
      .strictObject({ customerId: CustomerId, runId: RunId })
      .optional()
      .describe('The last run of the page before'),
    limit: Limit,
  }),
  result: z.strictObject({
    night: z.iso.date(),
    state: z.enum(['queued', 'started']).describe('`started`: every integration has its run'),
    runs: z.array(RunView),
    next: z
      .strictObject({ customerId: z.string(), runId: z.string() })
      .nullable()
      .describe('Pass it as `after` for the next page; null on the last'),
  }),
  roles: ['admin', 'orchestrator', 'scheduler', 'viewer'],
  errors: ['not_found'],
  async run({ context }: Call<Control>, { night, after, limit }) {
    const row = await readNight(context.store, night);
    if (row === undefined)
      throw new Failure('not_found', 'This night was not asked for', { data: { night } });
    const last =
      after === undefined ? undefined : await readRun(context.store, after.customerId, after.runId);
    if (last !== undefined && last.night !== night) {
      throw new Failure('not_found', 'The run to go on after is not of this night', {
        data: { night, runId: last.runId },
      });
    }
    const runs = await listNightRuns(context.store, night, last, limit);
    const end = runs.at(-1);
    return {
      night,
      state: row.state === 'started' ? ('started' as const) : ('queued' as const),
      runs: runs.map(viewRun),
      next:
        end === undefined || runs.length < limit ? null : { customerId: end.customerId, runId: end.runId },
    };
  },
});
