import { Failure } from '@flotilla/substrate/failure';
import {
  CustomerId,
  collectPage,
  IntegrationId,
  Limit,
  RunId,
  RunView,
  viewRun,
} from '@flotilla/substrate/methods';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import {
  listNightRuns,
  listOmissions,
  type Omission,
  omissionReasons,
  type Run,
  readNight,
  readRun,
  runStates,
  tallyNight,
} from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { farthestNightMs, requestNight } from '../nightly.ts';
import { CustomerName, readNames } from './customer-names.ts';

const NightDate = z.iso.date().describe('The date by which the night goes');

/** When the schedule comes; null for a customer without one, and where the whole night is meant. */
const Occurrence = z.iso.datetime().nullable();

const OmissionView = z.strictObject({
  customerId: z.string(),
  customerName: CustomerName,
  integrationId: z.string(),
  at: Occurrence.describe(
    'When the run would have begun, before jitter; null: whenever the night was asked for',
  ),
  reason: z
    .enum(omissionReasons)
    .describe('`no_occurrence`: the schedule does not come on this date, which was asked for by hand'),
  note: z.string().nullable().describe('Of a blackout: Winter break'),
  notedAt: z.iso.datetime(),
});

const Count = z.int().min(0);

const TallyView = z.strictObject({
  runs: z.partialRecord(z.enum(runStates), Count).describe('By their states'),
  leftOut: z
    .partialRecord(z.enum(omissionReasons), Count)
    .describe('Times at which a schedule came and began nothing, by reason'),
});

export const runNightly = defineMethod({
  name: 'nightly.run',
  version: 1,
  summary:
    'Starts the nightly runs of every active integration; answers at once. Asking twice for a night starts nothing twice',
  description:
    'Customers with a schedule: each time at which it comes begins one run. Without `night`, for the clock to call at least once a day, ' +
    'better every hour: all that is due in the next 26 hours, at its time. With `night`, for people: all of that date on the calendar ' +
    "of each customer; what is to come at its time, of what is past the latest at once. Customers without a schedule: one run a night, at once, spread over the fleet's window.",
  params: z.strictObject({
    night: NightDate.optional().describe(
      'Default: today in UTC for customers without a schedule, else what is due',
    ),
  }),
  result: z.strictObject({
    night: z.iso.date(),
    created: z.boolean().describe('Nobody had asked for this date before'),
  }),
  roles: ['admin', 'orchestrator', 'scheduler'],
  async run({ context }: Call<Control>, { night }) {
    if (night !== undefined) requireNear(night, context.clock.now());
    return await requestNight(context, night);
  },
});

export const getNight = defineMethod({
  name: 'nightly.get',
  version: 1,
  summary: 'How far the fan-out of a night has come, the runs it began, and what it left out and why',
  params: z.strictObject({
    night: NightDate,
    states: z
      .array(z.enum(runStates))
      .min(1)
      .max(runStates.length)
      .optional()
      .describe('Only runs in one of these states; a page may be short then'),
    after: z
      .strictObject({ customerId: CustomerId, runId: RunId })
      .optional()
      .describe('The last run of the page before'),
    afterLeftOut: z
      .strictObject({ customerId: CustomerId, integrationId: IntegrationId, at: Occurrence })
      .optional()
      .describe('The last of `leftOut` of the page before'),
    limit: Limit,
  }),
  result: z.strictObject({
    night: z.iso.date(),
    state: z
      .enum(['queued', 'started'])
      .describe('`started`: every integration has its run, or begins it when its schedule comes'),
    tally: TallyView.describe('The whole night in numbers, whatever page this is'),
    runs: z.array(RunView.extend({ customerName: CustomerName })),
    next: z
      .strictObject({ customerId: z.string(), runId: z.string() })
      .nullable()
      .describe('Pass it as `after` for the next page; null on the last'),
    leftOut: z
      .array(OmissionView)
      .describe('Integrations that have no run, each time that their schedule comes'),
    nextLeftOut: z
      .strictObject({ customerId: z.string(), integrationId: z.string(), at: Occurrence })
      .nullable()
      .describe('Pass it as `afterLeftOut` for the next page; null on the last'),
  }),
  roles: ['admin', 'orchestrator', 'scheduler', 'viewer'],
  errors: ['not_found'],
  async run({ context }: Call<Control>, { night, states, after, afterLeftOut, limit }) {
    const row = await readNight(context.store, night);
    const last =
      after === undefined ? undefined : await readRun(context.store, after.customerId, after.runId);
    if (last !== undefined && last.night !== night) {
      throw new Failure('not_found', 'The run to go on after is not of this night', {
        data: { night, runId: last.runId },
      });
    }
    const page = await collectPage<Run>(
      (from, size) => listNightRuns(context.store, night, from, size),
      ({ state }) => states === undefined || states.some((each) => each === state),
      { after: last, limit },
    );
    const tally = await tallyNight(context.store, night);
    const lastLeftOut =
      afterLeftOut === undefined ? undefined : { ...afterLeftOut, night, occurrence: afterLeftOut.at ?? '' };
    const leftOut = await listOmissions(context.store, night, lastLeftOut, limit);
    // Where the clock asks, a night begins in the east before its date is asked for.
    if (row === undefined && isEmpty(tally.runs) && isEmpty(tally.leftOut)) {
      throw new Failure('not_found', 'This night was not asked for', { data: { night } });
    }
    const endLeftOut = leftOut.at(-1);
    const withName = await readNames(context.store, [...page.rows, ...leftOut]);
    return {
      night,
      state: row?.state === 'queued' ? ('queued' as const) : ('started' as const),
      tally,
      runs: page.rows.map((run) => withName(viewRun(run))),
      next: page.next === null ? null : { customerId: page.next.customerId, runId: page.next.runId },
      leftOut: leftOut.map((omission) => withName(viewOmission(omission))),
      nextLeftOut:
        endLeftOut === undefined || leftOut.length < limit
          ? null
          : {
              customerId: endLeftOut.customerId,
              integrationId: endLeftOut.integrationId,
              at: endLeftOut.occurrence || null,
            },
    };
  },
});

function isEmpty(members: object): boolean {
  return Object.keys(members).length === 0;
}

function requireNear(night: string, now: number): void {
  if (Date.parse(night) <= now + farthestNightMs) return;
  const message = 'at most 28 days ahead: ask again when it is nearer';
  throw new Failure('invalid_params', 'The night is too far ahead', {
    data: { issues: [{ pointer: '/night', message }] },
  });
}

function viewOmission(omission: Omission): Omit<z.input<typeof OmissionView>, 'customerName'> {
  const { customerId, integrationId, occurrence, reason, note, notedAt } = omission;
  return {
    customerId,
    integrationId,
    at: occurrence || null,
    reason: reason as (typeof omissionReasons)[number],
    note,
    notedAt,
  };
}
