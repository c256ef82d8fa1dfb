import { z } from 'zod';
import type { JsonObject } from '../json/json-value.ts';
import type { EntityType, EntityValue } from '../model/entity-types.ts';
import type { Collection } from './define-entity.ts';
import { defineJoin, type Join } from './join.ts';
import { present } from './present.ts';

interface Lookup<T extends EntityType, N> {
  readonly collection: (connection: N) => Collection;
  /** How an id reads, in the list as in what refers to it. */
  readonly id: z.ZodType<string>;
  /** The reference to a record of the list. */
  readonly refersTo: (value: EntityValue<T>) => unknown;
  readonly members: Join<T, N>['members'];
  /** These members, as a record of the list says them of all that refer to it. What is undefined is not said. */
  readonly says: z.ZodType<{ readonly [M in keyof EntityValue<T>]?: EntityValue<T>[M] | undefined }>;
}

/** Pure. A join by a reference: a list says what its ids mean (a course's subject, the letter of a grade), and each record refers to one of them. */
export function lookup<T extends EntityType, N>(
  entityType: T,
  { collection, id: Id, refersTo, members, says: Says }: Lookup<T, N>,
): Join<T, N> {
  const Identified = z.object({ id: Id });
  const wire = z.unknown().transform((record, context) => {
    const identified = Identified.safeParse(record);
    const said = Says.safeParse(record);
    for (const { error } of [identified, said])
      for (const issue of error?.issues ?? []) context.addIssue({ ...issue });
    if (!identified.success || !said.success) return z.NEVER;
    const { id } = identified.data;
    return { key: id, id, says: present(said.data) as JsonObject };
  });
  return defineJoin(entityType, {
    collection,
    wire,
    idOf: (record) => Identified.safeParse(record).data?.id,
    keyOf: (_id, value) => Id.safeParse(refersTo(value)).data,
    members,
    add: (value, [said]) => ({ ...value, ...said }),
  });
}
