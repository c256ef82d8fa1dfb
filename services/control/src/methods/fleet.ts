import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { omissionReasons, runStates } from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { probedStates } from '../service-probe.ts';
import { CustomerName } from './customer-names.ts';
import { nameWhatIsListed } from './fleet-names.ts';
import { lookAtBacklog, lookAtServices, troubledStates } from './fleet-services.ts';
import { lookAtNights, lookAtWaiting } from './fleet-work.ts';
import { standingTally } from './tally-standings.ts';

const Count = z.int().min(0);
const Moment = z.iso.datetime();

const QueueView = z.strictObject({
  queue: z.string(),
  pending: Count.nullable().describe(
    'Due now, scheduled for later, or backing off. Null, as the next: not known',
  ),
  running: Count.nullable(),
  dead: Count.nullable(),
  oldestCreatedAt: Moment.nullable().describe('Of what is pending or running; null also where nothing is'),
});

const TroubledView = z.strictObject({
  customerId: z.string(),
  customerName: CustomerName,
  integrationId: z.string(),
  runId: z.string().describe('Its last run'),
  state: z
    .enum(troubledStates)
    .describe('Of a run that was rejected or has expired nothing was applied, and none has gone well since'),
});

const PausedView = z.strictObject({
  customerId: z.string(),
  customerName: CustomerName,
  integrationId: z.string(),
});

const ServiceView = z.strictObject({
  service: z.string(),
  kind: z.enum(['vendor', 'control', 'warehouse']),
  title: z.string().describe("A vendor's as its service said it, or its id"),
  state: z
    .enum(probedStates)
    .describe(
      '`starting`: it has not answered in time and may be about to: look again. `notReady`: something answers at its address, and not as it should',
    ),
  reason: z.string().nullable().describe('Why it is not ready'),
  version: z.string().nullable(),
  queues: z.array(QueueView).describe('Whose tasks it works on'),
  integrations: z
    .strictObject({
      total: Count,
      ...standingTally,
      troubled: z.array(TroubledView).describe('At most five of each state'),
      firstPaused: z.array(PausedView).describe('At most five'),
    })
    .nullable()
    .describe("A vendor's; null for other services, and where it is not known"),
});

const NightView = z.strictObject({
  night: z.iso.date(),
  state: z
    .enum(['queued', 'started'])
    .nullable()
    .describe('Of its fan-out; null: its date was not asked for yet'),
  runs: z.partialRecord(z.enum(runStates), Count).describe('By their states'),
  leftOut: z
    .partialRecord(z.enum(omissionReasons), Count)
    .describe('Times at which a schedule came and began nothing, by reason'),
});

const HeldRunView = z.strictObject({
  customerId: z.string(),
  customerName: CustomerName,
  integrationId: z.string(),
  runId: z.string(),
  heldSince: Moment.nullable(),
  expiresAt: Moment.nullable(),
});

export const getFleet = defineMethod({
  name: 'fleet.get',
  version: 1,
  summary: 'How the fleet is at a glance; answers within three seconds, whatever else does not',
  params: z.strictObject({}),
  result: z.strictObject({
    at: Moment,
    services: z.array(ServiceView).describe('Vendors in order of their ids, then the others'),
    changeBus: z
      .strictObject({
        pending: Count.nullable().describe(
          'Messages that the warehouse has not taken yet. Null, as the next: not known',
        ),
        running: Count.nullable(),
        dead: Count.nullable(),
        oldestPublishedAt: Moment.nullable(),
      })
      .nullable(),
    nights: z
      .array(NightView)
      .nullable()
      .describe('The last few in which anything was to begin, latest first'),
    heldRuns: z
      .strictObject({
        count: Count.describe('At most 1,000 are counted'),
        first: z.array(HeldRunView).describe('The first that expire'),
      })
      .nullable(),
    openConflicts: z
      .strictObject({
        count: Count,
        customers: z
          .array(z.strictObject({ customerId: z.string(), customerName: CustomerName, count: Count }))
          .describe('Those with the most, at most ten'),
      })
      .nullable(),
    deadLetters: Count.nullable().describe(
      'Dead tasks and messages, as far as they are known; null: none is',
    ),
    unknown: z
      .array(z.strictObject({ what: z.string(), reason: z.string() }))
      .describe('What could not be told in time, and why; its place above is null'),
  }),
  roles: ['admin', 'orchestrator', 'viewer'],
  async run({ context }: Call<Control>) {
    const known = underWay.get(context);
    if (known !== undefined) return known;
    const looking = lookAtFleet(context).finally(() => underWay.delete(context));
    underWay.set(context, looking);
    return looking;
  },
});

/** Whoever asks while somebody looks gets the same answer: many who watch ask no more of the services and queues than one does. */
const underWay = new WeakMap<Control, ReturnType<typeof lookAtFleet>>();

async function lookAtFleet(context: Control) {
  const unknown: { what: string; reason: string }[] = [];
  // Not that of the call which began it: others may wait for it too, and it ends by itself within three seconds.
  const { signal } = new AbortController();
  const look = { context, signal, unknown };
  const [services, changeBus, nights, waiting] = await Promise.all([
    lookAtServices(look),
    lookAtBacklog(look),
    lookAtNights(look),
    lookAtWaiting(look),
  ]);
  const named = await nameWhatIsListed(look, services, waiting);
  const dead = [...services.flatMap(({ queues }) => queues), changeBus].flatMap((one) => one?.dead ?? []);
  return {
    at: new Date(context.clock.now()).toISOString(),
    changeBus,
    nights,
    ...named,
    deadLetters: dead.length === 0 ? null : dead.reduce((sum, count) => sum + count, 0),
    unknown,
  };
}
