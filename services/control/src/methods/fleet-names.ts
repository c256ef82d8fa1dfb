import { readCustomers } from '@flotilla/substrate/store';
import { withNames } from './customer-names.ts';
import { type FleetLook, findPart } from './fleet-part.ts';
import type { lookAtServices } from './fleet-services.ts';
import type { lookAtWaiting } from './fleet-work.ts';

/** What is left of three seconds when all else took as long as it may. */
const waitMs = 400;

/** The same with the names of the customers that it lists: one read of a few rows, once it is known which. */
export async function nameWhatIsListed(
  look: FleetLook,
  services: Awaited<ReturnType<typeof lookAtServices>>,
  { heldRuns, openConflicts }: Awaited<ReturnType<typeof lookAtWaiting>>,
) {
  const listed = [
    ...services.flatMap(({ integrations }) => [
      ...(integrations?.troubled ?? []),
      ...(integrations?.firstPaused ?? []),
    ]),
    ...(heldRuns?.first ?? []),
    ...(openConflicts?.customers ?? []),
  ].map(({ customerId }) => customerId);
  const customers = await findPart(
    look,
    'names of customers',
    readCustomers(look.context.store, listed),
    waitMs,
  );
  const withName = withNames(customers ?? new Map());
  return {
    services: services.map(({ integrations, ...service }) => ({
      ...service,
      integrations:
        integrations === null
          ? null
          : {
              ...integrations,
              troubled: integrations.troubled.map((one) => withName(one)),
              firstPaused: integrations.firstPaused.map((one) => withName(one)),
            },
    })),
    heldRuns: heldRuns === null ? null : { ...heldRuns, first: heldRuns.first.map((run) => withName(run)) },
    openConflicts:
      openConflicts === null
        ? null
        : { ...openConflicts, customers: openConflicts.customers.map((one) => withName(one)) },
  };
}
