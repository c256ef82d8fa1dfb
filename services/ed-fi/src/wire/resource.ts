import { DateTime } from '@flotilla/substrate/lenient';
import type { EntityType, EntityValue } from '@flotilla/substrate/model';
import { defineEntity } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { type Connection, listAt } from '../connection.ts';
import { oneAt, type ResourceWrite, resourceWrite } from '../resource-write.ts';
import { at, type Field, readField } from './field.ts';
import { idOf, keys, type Resource } from './keys.ts';

type Value<T extends EntityType> = Omit<EntityValue<T>, 'status'> & Partial<Pick<EntityValue<T>, 'status'>>;
type Loose<V> = { [M in keyof V]: V[M] | (object extends Pick<V, M> ? undefined : never) };

/** Where each canonical member stands, or what it always is. */
export type Fields<T extends EntityType> = {
  readonly [M in keyof Loose<Value<T>>]: Field<Loose<Value<T>>[M]> | Loose<Value<T>>[M];
};

interface Further<T extends EntityType> {
  /** Whether the host has a resource; default yes. */
  readonly isThere?: (resource: string, connection: Connection) => boolean;
  readonly query?: (connection: Connection) => Readonly<Record<string, string>>;
  readonly write?: ResourceWrite<T>;
}

/**
 * Pure. An entity type that stands in one or several resources, as a table of members. Which resource a record is of, shows in the key that
 * it has. `_etag` and `id` are taken from the record itself when it is written.
 */
export function defineResource<T extends EntityType>(
  entityType: T,
  resources: { readonly [R in Resource]?: Fields<T> },
  further: Further<T> = {},
) {
  const { isThere = () => true, query, write } = further;
  const names = Object.keys(resources) as Resource[];
  const [first = 'schools'] = names;
  const resourceOf = (record: unknown) => names.find((name) => idOf(name, record) !== undefined) ?? first;

  const several = { lists: (connection: Connection) => names.filter((name) => isThere(name, connection)) };
  const single = { one: (id: string, connection: Connection) => oneAt(connection, first, id) };
  return defineEntity({
    entityType,
    collection: (connection: Connection, name) => listAt(connection, name || first, query?.(connection)),
    ...(names.length > 1 ? several : single),
    ...(write === undefined ? {} : { write: resourceWrite(first, resources[first] as Fields<T>, write) }),
    wire: z
      .unknown()
      .transform((record, context): { readonly id: string; readonly value: EntityValue<T> } => {
        const resource = resourceOf(record);
        const id = idOf(resource, record);
        if (id === undefined)
          context.addIssue({
            code: 'custom',
            message: `It lacks the key of ${names.join(' or ')}: ${keys[first]}`,
          });
        const fields: Readonly<Record<string, unknown>> = {
          dateLastModified: at('_lastModifiedDate?', DateTime),
          ...resources[resource],
        };
        const value: Record<string, unknown> = { status: 'active' };
        for (const [member, field] of Object.entries(fields)) {
          const read = isField(field) ? readField(field, record, context) : field;
          if (read !== undefined) value[member] = read;
        }
        // Of the members' own types, by the table; that all are there, the conformance tests ask of the model's strict schema.
        return { id: id ?? '', value: value as unknown as EntityValue<T> };
      }),
    idOf: (record) => idOf(resourceOf(record), record),
    read: (reading) => [reading],
  });
}

function isField(field: unknown): field is Field<unknown> {
  return typeof field === 'object' && field !== null && 'schema' in field;
}
