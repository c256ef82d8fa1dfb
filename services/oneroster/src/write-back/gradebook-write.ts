import type { EntityValue } from '@flotilla/substrate/model';
import type {
  Collection,
  EntityWrite,
  Members,
  WriteRequest,
  WrittenRecord,
} from '@flotilla/substrate/vendor';
import { type Connection, gradebookPath } from '../paths.ts';
import { assignedId } from './assigned-id.ts';
import { writtenObject } from './written-object.ts';

/** What of the gradebook both versions let a client write. Score scales have no canonical entity type. */
export type WrittenType = 'category' | 'lineItem' | 'result';

/** How a kind of gradebook object is written. */
export interface WrittenKind<T extends WrittenType> {
  /** The collection's path, and the member of a set's envelope. */
  readonly collection: string;
  readonly members: Partial<Members<EntityValue<T>>>;
  /** Those of them that only 1.2 knows. */
  readonly newerMembers: EntityWrite<T, Connection>['members'];
  /** A moment of the record itself, for `dateLastModified` where neither side has one; absent where it names none. */
  readonly momentOf?: (value: EntityValue<T>) => string | undefined;
  /** How new ones are created in 1.2, where the server chooses the id. Absent: the standard has no such call. */
  readonly posted?: {
    /** The set below another object to which a new one is posted, and a list that has all of that set. */
    readonly to: (
      value: EntityValue<T>,
      connection: Connection,
    ) => { readonly path: string; readonly listed: Collection };
    /** What tells one from the others of its set, though the server changed the rest: it may round a score, or cut a text. */
    readonly identity: EntityWrite<T, Connection>['members'];
  };
}

/**
 * Pure. A new object: 1.2 posts it to a set, and the server gives it an id; where there is no such call (all of 1.1, and categories) it is put
 * under our id. A known one is put whole: the standard has no partial update.
 */
export function gradebookWrite<T extends WrittenType>(
  entityType: T,
  kind: WrittenKind<T>,
): EntityWrite<T, Connection> {
  const { collection, newerMembers, posted } = kind;
  const all = [...Object.keys(kind.members), 'metadata'] as EntityWrite<T, Connection>['members'];
  const older = all.filter((member) => !newerMembers.includes(member));
  const objectOf = (record: WrittenRecord<T>, connection: Connection) =>
    writtenObject(kind, connection.version === '1.1' ? older : all, record, connection);

  function put(record: WrittenRecord<T>, connection: Connection): WriteRequest {
    const path = gradebookPath(connection, collection, record.id);
    return { method: 'PUT', path, json: { [entityType]: objectOf(record, connection) } };
  }

  function create(record: WrittenRecord<T>, connection: Connection): WriteRequest {
    if (posted === undefined || connection.version === '1.1') return put(record, connection);
    const { path } = posted.to(record.value, connection);
    return { method: 'POST', path, json: { [collection]: [objectOf(record, connection)] } };
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
  const newer = { members: all, ...assigning };
  return {
    ...newer,
    create,
    update: put,
    remove,
    under: ({ version }) => (version === '1.1' ? { members: older } : newer),
  };
}
