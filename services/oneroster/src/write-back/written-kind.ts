import type { JsonValue } from '@flotilla/substrate/json/json-value';
import type { EntityValue } from '@flotilla/substrate/model';
import type { Collection, EntityWrite } from '@flotilla/substrate/vendor';
import type { Connection } from '../paths.ts';

/** What of the gradebook both versions let a client write. Score scales have no canonical entity type. */
export type WrittenType = 'category' | 'lineItem' | 'result';

/** Members by name; an undefined one is not to be there. */
export type Members = Readonly<Record<string, JsonValue | undefined>>;

/** How a kind of gradebook object is spelled on the wire. */
export interface WrittenKind<T extends WrittenType> {
  /** Also the member of a single object's envelope. */
  readonly entityType: T;
  /** The collection's path, and the member of a set's envelope. */
  readonly collection: string;
  /** Those that both versions know, and those that only 1.2 does. */
  readonly members: EntityWrite<T, Connection>['members'];
  readonly newerMembers: EntityWrite<T, Connection>['members'];
  /** Those members on the wire, as far as the connection's version knows them. */
  readonly membersOf: (value: EntityValue<T>, connection: Connection) => Members;
  /** A moment of the record itself, for `dateLastModified` where neither side has one; undefined where it names none. */
  readonly momentOf: (value: EntityValue<T>) => string | undefined;
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
