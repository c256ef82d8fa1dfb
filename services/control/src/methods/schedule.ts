import { CustomerId } from '@flotilla/substrate/methods';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { previewSchedule as findOccurrences } from '@flotilla/substrate/settings/preview-schedule';
import { Schedule, ScheduleView, startOf } from '@flotilla/substrate/settings/schedule';
import { createLocalClock, TimeZone } from '@flotilla/substrate/settings/time-zone';
import { listIntegrations, omissionReasons, requireCustomer } from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { judgeIntegration } from '../night-start.ts';

const Moment = z.iso.datetime({ offset: true });

const StartView = z.strictObject({
  night: z.iso.date().describe("The date on the customer's calendar"),
  at: Moment.describe('When the schedule comes'),
  startsAt: Moment.describe("That, and the integration's place in the jitter"),
  local: Moment.describe("`startsAt` on the customer's clock"),
});

const BlackoutView = z.strictObject({
  from: z.iso.date(),
  to: z.iso.date(),
  note: z.string().nullable(),
});

export const previewSchedule = defineMethod({
  name: 'schedule.preview',
  version: 1,
  summary:
    'The next times at which the nightly runs of a customer begin, by a schedule that is saved or not yet',
  params: z.strictObject({
    customerId: CustomerId,
    count: z.int().min(1).max(50).default(5).describe('Starts an integration'),
    schedule: Schedule.optional().describe('Default: the one that is saved'),
    timeZone: TimeZone.optional().describe('Default: the one that is saved'),
  }),
  result: z.strictObject({
    timeZone: z.string(),
    schedule: ScheduleView.nullable().describe(
      'Null: the customer has none, and its runs begin when the night is asked for',
    ),
    integrations: z.array(
      z.strictObject({
        integrationId: z.string(),
        vendor: z.string(),
        leftOut: z.enum(omissionReasons).nullable().describe('Why it has no starts, as things stand'),
        starts: z.array(StartView),
      }),
    ),
    blackouts: z.array(BlackoutView).describe('Those that leave nights out between now and the last start'),
  }),
  roles: ['admin', 'orchestrator', 'viewer'],
  errors: ['not_found'],
  async run({ context }: Call<Control>, { customerId, count, ...unsaved }) {
    const customer = await requireCustomer(context.store, customerId);
    const integrations = await listIntegrations(context.store, { customerId, limit: 1000 });
    const { schedule = customer.schedule, timeZone = customer.timeZone } = unsaved;
    const now = context.clock.now();
    const { jitterMinutes } = schedule ?? { jitterMinutes: 0 };
    const { occurrences, blackouts } =
      schedule === null
        ? { occurrences: [], blackouts: [] }
        : findOccurrences(schedule, timeZone, { after: now - jitterMinutes * 60_000, now, count });
    const clock = createLocalClock(timeZone);
    return {
      timeZone,
      schedule,
      integrations: integrations.map((integration) => {
        const { integrationId, vendor } = integration;
        const leftOut = judgeIntegration(context, integration)?.reason ?? null;
        const starts = occurrences
          .map((occurrence) => ({
            ...occurrence,
            startsAt: startOf({ jitterMinutes }, integration, occurrence),
          }))
          .filter(({ startsAt }) => leftOut === null && startsAt > now)
          .slice(0, count);
        return {
          integrationId,
          vendor,
          leftOut,
          starts: starts.map(({ night, at, startsAt }) => ({
            night,
            at: new Date(at).toISOString(),
            startsAt: new Date(startsAt).toISOString(),
            local: clock(startsAt).text,
          })),
        };
      }),
      blackouts: [...blackouts],
    };
  },
});
