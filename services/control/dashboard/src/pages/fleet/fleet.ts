import type { ResultOf } from '../../rpc/call.ts';

export type Fleet = ResultOf<'fleet.get.v1'>;
export type Service = Fleet['services'][number];
export type Night = NonNullable<Fleet['nights']>[number];

/** Pure. Whether a service does not answer as it should; one that starts is about to. */
export function isSilent({ state }: Pick<Service, 'state'>): boolean {
  return state === 'notReady' || state === 'unreachable';
}

/** Times at which a schedule began nothing, where nobody had wanted that. */
export const unwantedOmissions = ['schedule_invalid', 'vendor_not_deployed'] as const;

/** What a last run may have come to that somebody should look at, worst first. */
export const troubledStates = ['failed', 'partial', 'rejected', 'expired'] as const;

/** Pure. Of all vendors' integrations, how many have one of these states by their last run. */
export function countByLastRun(services: readonly Service[], state: (typeof troubledStates)[number]): number {
  return services.reduce((sum, { integrations }) => sum + (integrations?.byLastRun[state] ?? 0), 0);
}

/**
 * Pure. What to call each customer that the page lists, by id: its name, and where two of them have the same one, the id too, which the
 * command line takes.
 */
export function callCustomers(
  fleet: Pick<Fleet, 'services' | 'heldRuns' | 'openConflicts'>,
): ReadonlyMap<string, string> {
  const listed = [
    ...fleet.services.flatMap(({ integrations }) => [
      ...(integrations?.troubled ?? []),
      ...(integrations?.firstPaused ?? []),
    ]),
    ...(fleet.heldRuns?.first ?? []),
    ...(fleet.openConflicts?.customers ?? []),
  ];
  const nameById = new Map(listed.map(({ customerId, customerName }) => [customerId, customerName]));
  const idsByName = Map.groupBy(nameById.keys(), (customerId) => nameById.get(customerId));
  return new Map(
    Array.from(nameById, ([customerId, name]) => {
      const isShared = (idsByName.get(name)?.length ?? 0) > 1;
      return [customerId, isShared ? `${name} (${customerId})` : name];
    }),
  );
}

const dayFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });

/** Pure. A night by its date, which is the customers' own. */
export function sayNight(night: string): string {
  return dayFormat.format(new Date(`${night}T00:00:00Z`));
}
