import type { Collection, EntityWrite, WriteRequest, WrittenRecord } from '@flotilla/substrate/vendor';
import { type Connection, gradebookPath } from '../paths.ts';
import { assignedId } from './assigned-id.ts';
import type { WrittenKind, WrittenType } from './written-kind.ts';
import { writtenObject } from './written-object.ts';

/**
 * Pure. How a kind of gradebook object is written. A new one: 1.2 posts it to a set, and the server gives it an id; where there is no such
 * call (all of 1.1, and categories) it is put under our id. A known one is put whole: the standard has no partial update.
 */
export function gradebookWrite<T extends WrittenType>(kind: WrittenKind<T>): EntityWrite<T, Connection> {
  const { entityType, collection, members, newerMembers, posted } = kind;

  function put(record: WrittenRecord<T>, connection: Connection): WriteRequest {
    const path = gradebookPath(connection, collection, record.id);
    return { method: 'PUT', path, json: { [entityType]: writtenObject(kind, record, connection) } };
  }

  function create(record: WrittenRecord<T>, connection: Connection): WriteRequest {
    if (posted === undefined || connection.version === '1.1') return put(record, connection);
    const { path } = posted.to(record.value, connection);
    return { method: 'POST', path, json: { [collection]: [writtenObject(kind, record, connection)] } };
  }

  function remove({ id }: WrittenRecord<T>, connection: Connection): WriteRequest {
    return { method: 'DELETE', path: gradebookPath(connection, collection, id) };
  }

  const assigning =
    posted === undefined
      ? {}
      : {
          assignment: {
            idIn: assignedId,
            identity: posted.identity,
            where: ({ value }: Pick<WrittenRecord<T>, 'value'>, connection: Connection): Collection =>
              posted.to(value, connection).listed,
          },
        };
  const newer = { members: [...members, ...newerMembers], ...assigning };
  return {
    ...newer,
    create,
    update: put,
    remove,
    under: ({ version }) => (version === '1.1' ? { members } : newer),
  };
}
