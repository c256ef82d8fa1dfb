import { warehouseSubscription } from '@flotilla/substrate/egress/relay';
import { contexts, queueName } from '@flotilla/substrate/pipeline';
import { type IntegrationStanding, readStandings } from '@flotilla/substrate/store';
import { controlQueue } from '../night-start.ts';
import { type FleetLook, findPart, patienceMs, toMoment } from './fleet-part.ts';
import { isPaused, tallyStandings } from './tally-standings.ts';

const titles = { control: 'Control', warehouse: 'Warehouse' } as const;

/** The fleet's services, each with how it is, its queues, and a vendor's integrations. */
export async function lookAtServices(look: FleetLook) {
  const { context } = look;
  const standings = findPart(look, 'integrations', readStandings(context.store));
  const others = (['control', 'warehouse'] as const).filter((service) => isDeployed(look, service));
  return Promise.all([
    ...context.vendors.toSorted().map(async (vendor) => {
      const [state, queues, title, known] = await Promise.all([
        probe(look, vendor),
        Promise.all(contexts.map((each) => lookAtQueue(look, queueName(vendor, each)))),
        findTitle(look, vendor),
        standings,
      ]);
      const integrations = known?.filter((one) => one.vendor === vendor);
      return {
        service: vendor,
        kind: 'vendor' as const,
        title,
        ...state,
        queues,
        integrations:
          integrations === undefined
            ? null
            : {
                total: integrations.length,
                ...tallyStandings(integrations),
                troubled: listTroubled(integrations),
                firstPaused: listPaused(integrations),
              },
      };
    }),
    ...others.map(async (service) => ({
      service,
      kind: service,
      title: titles[service],
      ...(service === 'control'
        ? { state: 'ready' as const, reason: null, version: context.fleet.version }
        : await probe(look, service)),
      queues: service === 'control' ? [await lookAtQueue(look, controlQueue)] : [],
      integrations: null,
    })),
  ]);
}

const troubledShown = 5;

/** What the last run of an integration may have come to, worst first, that nobody else tells of: nothing was applied, or not all. */
export const troubledStates = ['failed', 'partial', 'rejected', 'expired'] as const;

/** Those to look at, failed ones first; how many there are is in the tally. */
function listTroubled(standings: readonly IntegrationStanding[]) {
  return troubledStates.flatMap((state) =>
    standings
      .flatMap(({ customerId, integrationId, lastRun }) =>
        lastRun?.state === state ? [{ customerId, integrationId, runId: lastRun.runId, state }] : [],
      )
      .slice(0, troubledShown),
  );
}

const pausedShown = 5;

/** By name, since a pause that everybody has forgotten looks like quiet nights. */
function listPaused(standings: readonly IntegrationStanding[]) {
  return standings
    .filter(isPaused)
    .slice(0, pausedShown)
    .map(({ customerId, integrationId }) => ({ customerId, integrationId }));
}

/** What the warehouse has still to take. */
export async function lookAtBacklog(look: FleetLook) {
  const stats = await findPart(look, 'the change bus', look.context.bus.stats(warehouseSubscription));
  if (stats === null) return null;
  const { oldestPublishedAt, ...counts } = stats;
  return { ...counts, oldestPublishedAt: toMoment(oldestPublishedAt) };
}

/** A fleet may do without a warehouse. */
function isDeployed({ context }: FleetLook, service: string): boolean {
  try {
    return context.serviceUrl(service) !== '';
  } catch {
    return false;
  }
}

function probe({ context, signal }: FleetLook, service: string) {
  return context.probe.look(service, { signal, timeoutMs: patienceMs });
}

async function lookAtQueue(look: FleetLook, queue: string) {
  const stats = await findPart(look, `the queue ${queue}`, look.context.tasks.stats(queue));
  if (stats === null) return { queue, pending: null, running: null, dead: null, oldestCreatedAt: null };
  const { oldestCreatedAt, ...counts } = stats;
  return { queue, ...counts, oldestCreatedAt: toMoment(oldestCreatedAt) };
}

async function findTitle({ context, signal }: FleetLook, vendor: string): Promise<string> {
  try {
    return (await context.descriptions.read(vendor, signal)).title;
  } catch {
    // Why it does not answer is said beside it.
    return vendor;
  }
}
