import { Failure } from '@flotilla/substrate/failure';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { EntityType, EntityValue } from '@flotilla/substrate/model';
import {
  type Collection,
  type EntityWrite,
  type Members,
  toWireRecord,
  type WriteRequest,
  type WrittenRecord,
} from '@flotilla/substrate/vendor';
import { type Connection, listAt, pathOf } from './connection.ts';
import { idOf, keyOf, type Resource } from './wire/keys.ts';

/** What is peculiar to writing an entity type. */
export interface ResourceWrite<T extends EntityType> {
  readonly members: readonly (keyof EntityValue<T> & string)[];
  /** The key of a new record, and what else only a new one gets. */
  readonly created: (
    record: Pick<WrittenRecord<T>, 'id' | 'value' | 'at'>,
    connection: Connection,
  ) => JsonObject;
  readonly identity: readonly (keyof EntityValue<T> & string)[];
}

/** Pure. Ed-Fi's writes are alike: upserts by natural key, replacements by the host's id and etag, deletions. */
export function resourceWrite<T extends EntityType>(
  resource: Resource,
  table: Partial<Members<EntityValue<T>>>,
  { members, created, identity }: ResourceWrite<T>,
): EntityWrite<T, Connection> {
  return {
    members,
    // The host takes one whose key it knows for a change of that one, so it does no harm to send it twice.
    create: (record, connection) => ({
      method: 'POST',
      path: pathOf(connection, resource),
      json: toWireRecord(table, { ...record, latest: created(record, connection) }, members, connection),
      idempotent: true,
    }),
    // The host takes whole records and drops what is not sent, so it begins with its own one; what we map is then ours, absence included.
    update: ({ value, latest = {} }, connection) => {
      const { id: _, _etag, _lastModifiedDate, ...own } = latest;
      return {
        ...addressed('PUT', resource, latest, connection),
        json: toWireRecord(table, { value, latest: own }, members, connection),
      };
    },
    remove: ({ latest = {} }, connection) => addressed('DELETE', resource, latest, connection),
    under: (connection) => {
      const keyOfNew = (record: Pick<WrittenRecord<T>, 'id' | 'value'>) =>
        idOf(resource, created(record, connection)) ?? '';
      return {
        members,
        assignment: {
          idIn: (_answer, { id, value }) => (value === undefined ? undefined : keyOfNew({ id, value })),
          where: (record) => oneAt(connection, resource, keyOfNew(record)),
          identity,
        },
      };
    },
  };
}

/** Whoever was quicker wins: the host refuses (412) what is not made of its latest. */
function addressed(
  method: 'PUT' | 'DELETE',
  resource: Resource,
  { id, _etag }: JsonObject,
  connection: Connection,
): WriteRequest {
  if (typeof id === 'string' && typeof _etag === 'string')
    return { method, path: pathOf(connection, resource, id), headers: { 'If-Match': `"${_etag}"` } };
  throw new Failure('push_rejected', "The host's own record lacks id or _etag, so it is not overwritten");
}

/** Pure. A list of one record by its key; an empty one for an id that is no key of the host's. */
export function oneAt(connection: Connection, resource: Resource, id: string): Collection {
  const key = Object.entries(keyOf(resource, id) ?? { limit: 0 });
  return listAt(connection, resource, Object.fromEntries(key.map(([name, part]) => [name, String(part)])));
}
