import { Failure } from '../failure/failure.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { EntityType, EntityValue } from '../model/entity-types.ts';
import type { Collection, EntityWrite, WriteRequest, WrittenRecord } from './define-entity.ts';
import { below } from './read-from.ts';
import type { WrittenMembers } from './record-shape.ts';
import { toWireRecord } from './to-wire-record.ts';

/** What is peculiar to writing an entity type. */
export interface Upserted<T extends EntityType, N> {
  readonly members: EntityWrite<T, N>['members'];
  /** What only a new record gets, such as what of its key no member says; default nothing. */
  readonly created?: (record: Pick<WrittenRecord<T>, 'id' | 'value' | 'at'>, connection: N) => JsonObject;
  /** As in `EntityWrite.assignment`. */
  readonly identity: readonly (keyof EntityValue<T> & string)[];
}

/** How an entity type is written. */
export interface Upserts<T extends EntityType, N> extends Upserted<T, N> {
  readonly table: WrittenMembers<EntityValue<T>>;
  /** What new records are posted to; below it, under the id that the vendor gave it, each is replaced and deleted. */
  readonly list: (connection: N) => Collection;
  /** A list of the record of this canonical id. */
  readonly one: (id: string, connection: N) => Collection;
  /** The canonical id of a record. */
  readonly idOf: (record: unknown) => string | undefined;
  /** The members that are the vendor's own: not sent, but for what a replacement is addressed by. */
  readonly own: { readonly id: string; readonly etag: string; readonly others: readonly string[] };
}

/**
 * Pure. Writes of a vendor that knows records by natural keys: a POST changes the record whose key it has, or makes one; PUT and DELETE name the
 * vendor's own id and the version that was read (`If-Match`), so whoever was quicker wins. Throws `push_rejected` where a record lacks these.
 */
export function upsertWrite<T extends EntityType, N>({
  table,
  members,
  created = () => ({}),
  identity,
  list,
  one,
  idOf,
  own,
}: Upserts<T, N>): EntityWrite<T, N> {
  function newRecord(record: Pick<WrittenRecord<T>, 'id' | 'value' | 'at'>, connection: N): JsonObject {
    const latest = created(record, connection);
    return toWireRecord(table, { value: record.value, latest }, members, connection);
  }

  const keyOfNew = (record: Pick<WrittenRecord<T>, 'id' | 'value'>, connection: N) =>
    idOf(newRecord(record, connection)) ?? '';

  function addressed(
    method: 'PUT' | 'DELETE',
    { [own.id]: id, [own.etag]: etag }: JsonObject,
    connection: N,
  ): WriteRequest {
    if (typeof id === 'string' && typeof etag === 'string')
      return { method, path: below(list(connection), id).path, headers: { 'If-Match': `"${etag}"` } };
    throw new Failure(
      'push_rejected',
      "The vendor's own record lacks its id or version, so it is not overwritten",
    );
  }

  return {
    members,
    // It does no harm to send it twice: the vendor takes the second for a change.
    create: (record, connection) => ({
      method: 'POST',
      path: list(connection).path,
      json: newRecord(record, connection),
      idempotent: true,
    }),
    // What is not sent is dropped, so it begins with the vendor's own record; what we map is then ours, absence included.
    update: ({ value, latest = {} }, connection) => {
      const named: readonly string[] = [own.id, own.etag, ...own.others];
      const rest = Object.fromEntries(Object.entries(latest).filter(([name]) => !named.includes(name)));
      return {
        ...addressed('PUT', latest, connection),
        json: toWireRecord(table, { value, latest: rest }, members, connection),
      };
    },
    remove: ({ latest = {} }, connection) => addressed('DELETE', latest, connection),
    under: (connection) => ({
      members,
      assignment: {
        idIn: (_answer, { id, value }) =>
          value === undefined ? undefined : keyOfNew({ id, value }, connection),
        where: (record) => one(keyOfNew(record, connection), connection),
        identity,
      },
    }),
  };
}
