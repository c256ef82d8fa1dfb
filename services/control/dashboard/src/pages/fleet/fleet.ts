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

/** Pure. Of all vendors' integrations, how many have one of these states by their last run. */
export function countByLastRun(services: readonly Service[], state: 'failed' | 'partial'): number {
  return services.reduce((sum, { integrations }) => sum + (integrations?.byLastRun[state] ?? 0), 0);
}

const dayFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });

/** Pure. A night by its date, which is the customers' own. */
export function sayNight(night: string): string {
  return dayFormat.format(new Date(`${night}T00:00:00Z`));
}
