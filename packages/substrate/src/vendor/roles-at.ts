import type { EntityValue } from '../model/entity-types.ts';
import { present } from './present.ts';

type Role = EntityValue<'user'>['roles'][number];

/** What somebody is or was somewhere, or will be. */
export interface Position extends Pick<Role, 'role' | 'orgSourcedId' | 'beginDate' | 'endDate'> {
  /** Whether the vendor calls it the main one. */
  readonly isFirst?: boolean;
}

/** Pure. Those that have not ended before those that have, the main one before others, the latest before earlier ones. */
export function inOrder<P extends Omit<Position, 'role'>>(positions: readonly P[]): readonly P[] {
  const rank = ({ endDate, isFirst, beginDate = '' }: Omit<Position, 'role'>) =>
    `${endDate === undefined ? 1 : 0}${isFirst === true ? 1 : 0}${beginDate}`;
  return positions.toSorted((a, b) => (rank(a) > rank(b) ? -1 : Number(rank(a) < rank(b))));
}

/** Pure. Roles of positions, the ones that count most first; at each organization the first is the primary one, as OneRoster wants it. */
export function rolesAt(positions: readonly Position[]): EntityValue<'user'>['roles'] {
  const known = new Set<string | undefined>();
  return inOrder(positions).map(({ role, orgSourcedId, beginDate, endDate }) => {
    const roleType = known.has(orgSourcedId) ? ('secondary' as const) : ('primary' as const);
    known.add(orgSourcedId);
    return present({ roleType, role, orgSourcedId, beginDate, endDate });
  });
}
