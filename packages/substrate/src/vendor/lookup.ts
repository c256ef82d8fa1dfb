import { z } from 'zod';
import type { JsonObject } from '../json/json-value.ts';
import type { EntityType, EntityValue } from '../model/entity-types.ts';
import type { Collection } from './define-entity.ts';
import { defineJoin, type Join } from './join.ts';

interface Lookup<T extends EntityType, S extends JsonObject, N> {
  readonly collection: (connection: N) => Collection;
  /** How an id reads, in the list as in what refers to it. */
  readonly id: z.ZodType<string>;
  /** What a record of the list says; undefined: nothing that counts. */
  readonly says: z.ZodType<S | undefined>;
  /** The reference to such a record. */
  readonly refersTo: (value: EntityValue<T>) => unknown;
  readonly members: Join<T, N>['members'];
  readonly add: (value: EntityValue<T>, said: S) => EntityValue<T>;
}

/** Pure. A join by a reference: a list says what its ids mean (a course's subject, the letter of a grade), and each record refers to one of them. */
export function lookup<T extends EntityType, S extends JsonObject, N>(
  entityType: T,
  { collection, id: Id, says: Says, refersTo, members, add }: Lookup<T, S, N>,
): Join<T, N> {
  const Identified = z.object({ id: Id });
  return defineJoin(entityType, {
    collection,
    wire: Identified.loose().transform((record, context) => {
      const said = Says.safeParse(record);
      for (const issue of said.error?.issues ?? []) context.addIssue({ ...issue });
      return said.data === undefined ? undefined : { key: record.id, id: record.id, says: said.data };
    }),
    idOf: (record) => Identified.safeParse(record).data?.id,
    keyOf: (_id, value) => Id.safeParse(refersTo(value)).data,
    members,
    add: (value, [said]) => (said === undefined ? value : add(value, said)),
  });
}
