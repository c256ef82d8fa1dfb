import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { EntityType, EntityValue } from '@flotilla/substrate/model';
import { below, type EntityWrite, type RecordWrite, recordWrite } from '@flotilla/substrate/vendor';
import type { Connection } from '../connection.ts';
import { listOf, type Representation } from '../representation.ts';
import { Reference } from '../wire/record.ts';

type Asked = ReturnType<typeof listOf>;

interface Written<T extends EntityType> extends RecordWrite<T, Connection> {
  readonly members: EntityWrite<T>['members'];
  /** By which of them it is found again where the answer was lost, in a list by these criteria. */
  readonly identity: EntityWrite<T>['members'];
  readonly criteria: (value: EntityValue<T>, connection: Connection) => JsonObject;
  /** The representation in which it is read, if it is another: that is no ground to write on. */
  readonly readIn?: (connection: Connection) => Representation;
}

/** Whoever creates a record sends this id, and the ERP gives it another. */
const nil = '00000000-0000-0000-0000-000000000000';
const Assigned = Reference.refine((id) => id !== nil);

/** Pure. Writes of a resource, in the version in which it is read. */
export function writeTo<T extends EntityType>(
  resource: Representation,
  { members, identity, criteria, readIn = () => resource, ...draft }: Written<T>,
): EntityWrite<T, Connection> {
  const send = (method: 'POST' | 'PUT', { path, accept = '' }: Asked, json: JsonObject) => {
    return { method, path, json, accept, contentType: accept };
  };
  return {
    members,
    ...recordWrite(draft, {
      post: (json, connection) => send('POST', listOf(resource, connection), { ...json, id: nil }),
      put: (id, json, connection) => send('PUT', below(listOf(resource, connection), id), { ...json, id }),
      ownOf: ({ metadata: _metadata, resource: _resource, ...own }, connection) =>
        readIn(connection) === resource ? own : {},
    }),
    assignment: {
      idIn: (answer) => Assigned.safeParse(answer).data,
      where: ({ value }, connection) => ({
        ...listOf(readIn(connection), connection, criteria(value, connection)),
        implied: { resource },
      }),
      identity,
    },
  };
}
