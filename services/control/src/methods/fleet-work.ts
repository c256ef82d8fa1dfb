import {
  countOpenConflicts,
  listEveryHeldRun,
  listNights,
  type NightTally,
  readNight,
  tallyNight,
} from '@flotilla/substrate/store';
import type { Control } from '../control.ts';
import { type FleetLook, findPart } from './fleet-part.ts';

const nightsShown = 3;
const dayMs = 24 * 3_600_000;

/** The last nights in which anything was to begin, latest first. */
export async function lookAtNights(look: FleetLook) {
  return findPart(look, 'the last nights', findNights(look.context));
}

async function findNights({ store, clock }: Control) {
  const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const now = clock.now();
  // East of Greenwich tomorrow has begun, and nobody has asked for its date yet.
  const tomorrow = dateOf(now + dayMs);
  const asked = (await listNights(store, 8)).map(({ night }) => night).filter((night) => night <= tomorrow);
  const dates = [...new Set([tomorrow, dateOf(now), ...asked])].toSorted().toReversed();
  const found: ({ readonly night: string } & NightTally)[] = [];
  for (const night of dates) {
    const tallied = await tallyNight(store, night);
    if (Object.keys(tallied.runs).length + Object.keys(tallied.leftOut).length > 0)
      found.push({ night, ...tallied });
    if (found.length === nightsShown) break;
  }
  return Promise.all(
    found.map(async ({ night, ...tallied }) => {
      const row = await readNight(store, night);
      const state =
        row === undefined ? null : row.state === 'queued' ? ('queued' as const) : ('started' as const);
      return { night, state, ...tallied };
    }),
  );
}

const mostHeld = 1_000;
const heldShown = 20;
const customersShown = 10;
const endOfTime = '9999';

/** What waits for a person. */
export async function lookAtWaiting(look: FleetLook) {
  const { store } = look.context;
  const [held, conflicts] = await Promise.all([
    findPart(look, 'held runs', listEveryHeldRun(store, mostHeld)),
    findPart(look, 'conflicts', countOpenConflicts(store)),
  ]);
  return {
    heldRuns:
      held === null
        ? null
        : {
            count: held.length,
            first: held
              .toSorted((a, b) => (a.dueAt ?? endOfTime).localeCompare(b.dueAt ?? endOfTime))
              .slice(0, heldShown)
              .map(({ customerId, integrationId, runId, heldSince, dueAt }) => ({
                customerId,
                integrationId,
                runId,
                heldSince,
                expiresAt: dueAt,
              })),
          },
    openConflicts: conflicts === null ? null : sumUp(conflicts),
  };
}

function sumUp(conflicts: readonly { readonly customerId: string; readonly count: number }[]) {
  const byCustomer = Map.groupBy(conflicts, ({ customerId }) => customerId);
  const customers = Array.from(byCustomer, ([customerId, counts]) => ({
    customerId,
    count: counts.reduce((sum, { count }) => sum + count, 0),
  }));
  return {
    count: customers.reduce((sum, { count }) => sum + count, 0),
    customers: customers.toSorted((a, b) => b.count - a.count).slice(0, customersShown),
  };
}
