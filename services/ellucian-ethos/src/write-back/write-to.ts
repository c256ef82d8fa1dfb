import { Failure } from '@flotilla/substrate/failure';
import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import type { EntityType, EntityValue } from '@flotilla/substrate/model';
import {
  type Collection,
  type EntityWrite,
  present,
  type WireMembers,
  type WrittenRecord,
} from '@flotilla/substrate/vendor';
import type { Connection } from '../connection.ts';
import { listOf, oneOf, type Representation } from '../representation.ts';

/** How an entity type is written to its resource. Members that are undefined are not to be there. */
interface Written<T extends EntityType> {
  readonly members: EntityWrite<T>['members'];
  /** By which of them it is found again where the answer was lost, in a list by these criteria. */
  readonly identity: EntityWrite<T>['members'];
  readonly criteria: (value: EntityValue<T>, connection: Connection) => JsonObject;
  /** The representation in which it is read, if it is another: that is no ground to write on. */
  readonly readIn?: (connection: Connection) => Representation;
  /** The members that say the record, which stands on `own`: the ERP's, where there is one to go by. */
  readonly wire: (record: WrittenRecord<T>, own: JsonObject, connection: Connection) => WireMembers;
  /** What every new one has besides. */
  readonly created: (record: WrittenRecord<T>, connection: Connection) => WireMembers;
  /** What is written in place of a deletion. */
  readonly removed?: (record: WrittenRecord<T>) => WireMembers;
}

/** Whoever creates a record sends this id, and the ERP gives it another. */
const nil = '00000000-0000-0000-0000-000000000000';

/** Pure. Writes what serves whether the ERP replaces a record or takes over what is sent: its own, with what we map. */
export function writeTo<T extends EntityType>(
  resource: Representation,
  { members, identity, criteria, readIn = () => resource, wire, created, removed }: Written<T>,
): EntityWrite<T, Connection> {
  function put(
    { id, latest = {} }: WrittenRecord<T>,
    connection: Connection,
    say: (own: JsonObject) => WireMembers,
  ) {
    const { metadata: _, resource: __, ...own } = readIn(connection) === resource ? latest : {};
    return request('PUT', oneOf(resource, id, connection), { ...own, id, ...say(own) });
  }

  return {
    members,
    create: (record, connection) => {
      const said = { ...wire(record, {}, connection), ...created(record, connection) };
      return request('POST', listOf(resource, connection), { id: nil, ...said });
    },
    update: (record, connection) => put(record, connection, (own) => wire(record, own, connection)),
    ...(removed && { remove: (record, connection) => put(record, connection, () => removed(record)) }),
    assignment: {
      idIn: (answer) => {
        const { id } = isJsonObject(answer) ? answer : {};
        return typeof id === 'string' && id !== '' && id !== nil ? id.toLowerCase() : undefined;
      },
      where: ({ value }, connection) => ({
        ...listOf(readIn(connection), connection, criteria(value, connection)),
        implied: { resource },
      }),
      identity,
    },
  };
}

function request(method: 'POST' | 'PUT', { path, accept = '' }: Collection, json: WireMembers) {
  return { method, path, json: present(json), contentType: accept, accept };
}

/** Pure. Throws `push_rejected` where something is not known that Ethos demands. */
export function demand<V>(value: V | undefined, missing: string): V {
  if (value !== undefined) return value;
  throw new Failure('push_rejected', 'Ethos demands what is not known here', { data: { missing } });
}

/** Pure. A list in the vendor's record, whose elements read as these: else it would not have been read. */
export function listIn<E extends JsonObject>(list: JsonValue | undefined): readonly E[] {
  return Array.isArray(list) ? (list as readonly E[]) : [];
}
