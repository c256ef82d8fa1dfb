import type { JsonObject } from '../json/json-value.ts';
import type { EntityType, EntityValue } from '../model/entity-types.ts';
import { defineJoin, type Join } from './join.ts';
import { Id } from './lenient.ts';
import { type Envelope, type Members, recordShape, type Table } from './record-shape.ts';

interface Inheritance<T extends EntityType, M extends keyof EntityValue<T> & string> {
  /** The entity type above, in whose list the members stand. */
  readonly from: EntityType;
  /** Its record's id there; default: its `id`. */
  readonly id?: Envelope['id'];
  /** The member that names the record which says them. */
  readonly by: keyof EntityValue<T> & string;
  /** What the members are in that record. */
  readonly members: Pick<Members<EntityValue<T>>, M>;
}

/**
 * Pure. A join of a record and the one that it refers to: members of which its own list says nothing (a section's term stands in its course).
 *
 * ```ts
 * joins: { course: inherited('class', { from: 'course', by: 'courseSourcedId', members: { schoolSourcedId: at('account', Id) } }) }
 * ```
 */
export function inherited<T extends EntityType, M extends keyof EntityValue<T> & string>(
  entityType: T,
  { from, id = Id, by, members }: Inheritance<T, M>,
): Join<T> {
  // Some members of a record alone: whatever else it demands stands in the record itself.
  const { wire, idOf } = recordShape({ id })(entityType, members as unknown as Table<T>);
  return defineJoin(entityType, {
    from,
    idOf,
    wire: wire.transform((reading) => {
      if (!('value' in reading)) return undefined;
      const { status: _, ...says } = reading.value;
      return { key: reading.id, id: reading.id, says: says as JsonObject };
    }),
    keyOf: (_, value) => {
      const named: unknown = value[by];
      return typeof named === 'string' ? named : undefined;
    },
    members: Object.keys(members) as M[],
    add: (value, [says]) => ({ ...value, ...says }),
  });
}
