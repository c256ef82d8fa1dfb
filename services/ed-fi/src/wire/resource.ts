import { DateTime, optional } from '@flotilla/substrate/lenient';
import type { EntityType, EntityValue } from '@flotilla/substrate/model';
import {
  at,
  defineEntity,
  type Join,
  type Members,
  recordShape,
  shapeAmong,
  type Table,
} from '@flotilla/substrate/vendor';
import { type Connection, listAt } from '../connection.ts';
import { oneAt, type ResourceWrite, resourceWrite } from '../resource-write.ts';
import { IdOf, idOf, type Resource } from './keys.ts';

interface Further<T extends EntityType> {
  /** Whether the host has a resource; default yes. */
  readonly isThere?: (resource: string, connection: Connection) => boolean;
  readonly query?: (connection: Connection) => Readonly<Record<string, string>>;
  readonly joins?: Readonly<Record<string, Join<T, Connection>>>;
  readonly write?: ResourceWrite<T>;
}

/**
 * Pure. An entity type that stands in one or several resources, with a table of members each. Which resource a record is of, shows in the key
 * that it has.
 */
export function defineResource<T extends EntityType>(
  entityType: T,
  tables: { readonly [R in Resource]?: Table<T> },
  { isThere = () => true, query, joins, write }: Further<T> = {},
) {
  const names = Object.keys(tables) as Resource[];
  const [first = 'schools'] = names;
  const shapes = new Map(
    names.map((name) => {
      const dateLastModified = at('_lastModifiedDate', optional(DateTime));
      const shape = recordShape({ id: at('', IdOf(name, false)), dateLastModified });
      return [name, shape(entityType, tables[name] as Table<T>)];
    }),
  );
  const several = { lists: (connection: Connection) => names.filter((name) => isThere(name, connection)) };
  const single = { one: (id: string, connection: Connection) => oneAt(connection, first, id) };
  return defineEntity({
    ...(joins === undefined ? {} : { joins }),
    ...shapeAmong(entityType, (record) =>
      shapes.get(names.find((name) => idOf(name, record) !== undefined) ?? first),
    ),
    collection: (connection: Connection, name) => listAt(connection, name || first, query?.(connection)),
    ...(names.length > 1 ? several : single),
    ...(write === undefined
      ? {}
      : { write: resourceWrite(first, tables[first] as Members<EntityValue<T>>, write) }),
  });
}
