import { DateTime, optional } from '@flotilla/substrate/lenient';
import type { EntityType, EntityValue } from '@flotilla/substrate/model';
import {
  at,
  defineEntity,
  type Join,
  type Members,
  type Table,
  type Upserted,
  upsertWrite,
} from '@flotilla/substrate/vendor';
import { type Connection, listAt } from '../connection.ts';
import { idOf, queryOf, type Resource, shapeOf } from './keys.ts';

interface Further<T extends EntityType> {
  /** Whether the host has a resource; default yes. */
  readonly isThere?: (resource: string, connection: Connection) => boolean;
  readonly query?: (connection: Connection) => Readonly<Record<string, string>>;
  readonly joins?: Readonly<Record<string, Join<T, Connection>>>;
  readonly write?: Upserted<T, Connection>;
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
  const several = { lists: (connection: Connection) => names.filter((name) => isThere(name, connection)) };
  // A list of one record by its key; an empty one for an id that is no key of the host's.
  const one = (id: string, connection: Connection) =>
    listAt(connection, first, queryOf(first, id) ?? { limit: '0' });
  const written = {
    table: tables[first] as Members<EntityValue<T>>,
    list: (connection: Connection) => listAt(connection, first),
    one,
    idOf: (record: unknown) => idOf(first, record),
    own: { id: 'id', etag: '_etag', others: ['_lastModifiedDate'] },
  };
  return defineEntity({
    ...(joins === undefined ? {} : { joins }),
    ...shapeOf(entityType, tables, { dateLastModified: at('_lastModifiedDate', optional(DateTime)) }),
    collection: (connection: Connection, name) => listAt(connection, name || first, query?.(connection)),
    ...(names.length > 1 ? several : { one }),
    ...(write === undefined ? {} : { write: upsertWrite({ ...written, ...write }) }),
  });
}
