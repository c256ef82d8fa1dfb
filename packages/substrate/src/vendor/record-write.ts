import { Failure } from '../failure/failure.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { EntityType, EntityValue } from '../model/entity-types.ts';
import type { EntityWrite, WriteRequest, WrittenRecord } from './define-entity.ts';
import { present } from './present.ts';
import { toWireMembers, type WireMembers } from './record-shape.ts';

/** How whole records are written, `WireMembers` being the members of the vendor's record: undefined ones are not to be there. */
export interface RecordWrite<T extends EntityType, N> {
  /** Why a record is not written at all; undefined: it is. */
  readonly refusal?: (value: EntityValue<T>) => string | undefined;
  /** The table by which the record is read, and what of it is written by the table alone. */
  readonly table?: Parameters<typeof toWireMembers<EntityValue<T>>>[0];
  readonly written?: EntityWrite<T>['members'];
  /** What else says the record. It stands on `own`, which is empty where there is nothing of the vendor's to go by. */
  readonly besides?: (record: WrittenRecord<T>, own: JsonObject, connection: N) => WireMembers;
  /** What every new one has besides. */
  readonly created: (record: WrittenRecord<T>, connection: N) => WireMembers;
  /** What is written in place of a deletion; absent: nothing is deleted. */
  readonly removed?: (record: WrittenRecord<T>, connection: N) => WireMembers;
}

/** How a vendor takes them. */
interface Sending<N> {
  readonly post: (json: JsonObject, connection: N) => WriteRequest;
  readonly put: (id: string, json: JsonObject, connection: N) => WriteRequest;
  /** What of the vendor's own record is written back with a change. */
  readonly ownOf: (latest: JsonObject, connection: N) => JsonObject;
}

/**
 * Pure. Writes of whole records, for vendors that replace a record and for those that take over what is sent alike: a change is the vendor's own
 * record with what we map in it, our absences included.
 */
export function recordWrite<T extends EntityType, N>(
  { refusal, table = {}, written = [], besides, created, removed }: RecordWrite<T, N>,
  { post, put, ownOf }: Sending<N>,
): Pick<EntityWrite<T, N>, 'create' | 'update' | 'remove'> {
  function assertWritable({ value }: WrittenRecord<T>): void {
    const reason = refusal?.(value);
    if (reason !== undefined) throw new Failure('push_rejected', reason);
  }

  function wire(record: WrittenRecord<T>, own: JsonObject, connection: N): WireMembers {
    const said = toWireMembers<EntityValue<T>>(table, record.value, written, connection, own);
    return { ...said, ...besides?.(record, own, connection) };
  }

  function change(record: WrittenRecord<T>, connection: N, say: (own: JsonObject) => WireMembers) {
    assertWritable(record);
    const { id, latest = {} } = record;
    const own = ownOf(latest, connection);
    return put(id, present({ ...own, ...say(own) }) as JsonObject, connection);
  }

  return {
    create: (record, connection) => {
      assertWritable(record);
      const said = { ...wire(record, {}, connection), ...created(record, connection) };
      return post(present(said) as JsonObject, connection);
    },
    update: (record, connection) => change(record, connection, (own) => wire(record, own, connection)),
    ...(removed && {
      remove: (record, connection) => change(record, connection, () => removed(record, connection)),
    }),
  };
}

/**
 * Pure. A list of the vendor's own record, whose elements read as these, with one in place of the one that was read (`find`), or at its end where
 * none was; without it where nothing is written. Undefined: there is no list, and none is to be.
 */
export function withElement<E extends JsonObject>(
  list: JsonValue | undefined,
  find: (elements: readonly E[]) => E | undefined,
  write: (known: E | undefined) => JsonObject | undefined,
): readonly JsonObject[] | undefined {
  const elements = Array.isArray(list) ? (list as readonly E[]) : undefined;
  const known = find(elements ?? []);
  const written = write(known);
  if (written === undefined) return elements?.filter((each) => each !== known);
  if (known === undefined) return [...(elements ?? []), written];
  return elements?.map((each) => (each === known ? written : each));
}
