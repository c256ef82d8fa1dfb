import type { z } from 'zod';
import type { Paging } from '../http/paging.ts';
import type { Query } from '../http/vendor-client.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { EntityType, EntityValue } from '../model/entity-types.ts';
import type { BatchWrite } from './batch-write.ts';
import type { Join } from './join.ts';

/**
 * What one vendor record says: that a canonical record is there with this value, or that the vendor calls it deleted (OneRoster's
 * `tobedeleted`).
 */
export type Reading<T extends EntityType> =
  | { readonly id: string; readonly value: EntityValue<T> }
  | { readonly id: string; readonly deleted: true };

/** Where an entity type's records are to be had. */
export interface Collection {
  /** Below the API's base URL, starting with a slash, or an absolute URL on one of its `otherOrigins`; ids in it are encoded. */
  readonly path: string;
  /** The member of the answer that holds the records; absent: the answer itself is the list (or the record, where one is asked for). */
  readonly member?: string;
  /** Whether the vendor leaves the member out where the list is empty. */
  readonly isLeftOutWhenEmpty?: boolean;
  /** The member of each element of the list that holds the record, where the vendor wraps every one of them (`data`, say). */
  readonly recordMember?: string;
  /**
   * Members that the path says and the vendor's records do not (of which class an assignment is). Each record is read as if it had
   * them; what it says itself holds.
   */
  readonly implied?: JsonObject;
  readonly query?: Query;
  /** Where this list is cut in another way than the API's others. */
  readonly paging?: Paging;
  /** The `Accept` header, for vendors with versioned media types; default `application/json`. */
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that writes one record: described here, sent by the pipeline. Any 2xx means that the vendor took it. */
export interface WriteRequest {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the API's base URL; ids in it are encoded. */
  readonly path: string;
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body: one of `json`, `form`, `text` and `parts`. */
  readonly json?: JsonValue;
  readonly form?: Readonly<Record<string, string>>;
  /** As it stands, in UTF-8: CSV, for one. */
  readonly text?: string;
  /** Sent as `multipart/form-data`. */
  readonly parts?: readonly BodyPart[];
  /** Of a JSON body, default `application/json`, or of a text, default `text/plain`. */
  readonly contentType?: string;
  readonly accept?: string;
  /**
   * Whether it does no harm when the vendor gets it twice; then it is repeated at once where an answer was lost. Default: true for PUT and
   * DELETE. True for a POST that carries an idempotency key, or that is an upsert by natural key.
   */
  readonly idempotent?: boolean;
}

/** A field of a form, or a file in it. */
export interface BodyPart {
  readonly name: string;
  readonly text: string;
  /** Present where it is a file. */
  readonly fileName?: string;
  /** Of a file; default `text/plain`. */
  readonly contentType?: string;
}

/** A record as it is to be written. */
export interface WrittenRecord<T extends EntityType> {
  readonly id: string;
  readonly value: EntityValue<T>;
  /** The vendor's own record, read right before; absent where the vendor does not have it. What we do not map is in it. */
  readonly latest?: JsonObject;
  /** When the write was decided on, ISO 8601 in UTC: for vendors that want to be told. The same when it is sent again. */
  readonly at?: string;
  /**
   * 43 letters, digits, `-` and `_`, the same however often a run sends this write of this record, and another in every run: what a vendor that
   * keeps such keys answers from memory must not be what an earlier run created and somebody has deleted since.
   */
  readonly idempotencyKey: string;
  /** Of the members that the vendor takes, those that differ from what it has: what Google's `updateMask` lists. One may be gone from `value`. */
  readonly changed: readonly (keyof EntityValue<T> & string)[];
}

/** How an entity type is written back. Pure functions: what they return is sent, after the intent is stored, by the pipeline. */
export interface EntityWrite<T extends EntityType = EntityType, N = unknown> {
  /** The canonical members that the vendor takes; our changes of others stay ours. */
  readonly members: readonly (keyof EntityValue<T> & string)[];
  /** Absent: the vendor lets nobody create such records. */
  readonly create?: (record: WrittenRecord<T>, connection: N) => WriteRequest;
  readonly update?: (record: WrittenRecord<T>, connection: N) => WriteRequest;
  readonly remove?: (record: WrittenRecord<T>, connection: N) => WriteRequest;
  /**
   * Present where the vendor takes many records in one upload: then a sync writes so. Single records that somebody asks for are written by
   * the functions above, where they are there.
   */
  readonly batch?: BatchWrite<T, N>;
  /** Present where the vendor gives a created record an id of its own choice. */
  readonly assignment?: {
    /**
     * The id in the answer to the create; undefined where the answer is not the promised one. Of a record that was created by an upload the
     * answer says nothing: that one is found by `where`.
     */
    readonly idIn: (
      answer: JsonValue,
      sent: Pick<WrittenRecord<T>, 'id'> & Partial<Pick<WrittenRecord<T>, 'value'>>,
    ) => string | undefined;
    /** A list in which a record that was created, but whose answer was lost, would be found. */
    readonly where: (record: Pick<WrittenRecord<T>, 'id' | 'value'>, connection: N) => Collection;
    /**
     * The members by which it would be known there, though the vendor changed others, or JSON Pointers into them (`/metadata/sis_id`); absent:
     * all that are written.
     */
    readonly identity?: readonly ((keyof EntityValue<T> & string) | `/${string}`)[];
  };
  /** What holds instead where the connection's vendor takes less, such as an older version of its interface (`vendorUnder`). */
  readonly under?: (connection: N) => Pick<EntityWrite<T, N>, 'members' | 'assignment'>;
}

/** One canonical entity type as a vendor shows it. Data and pure functions. `N` is the vendor's connection settings. */
export interface Entity<T extends EntityType = EntityType, W extends z.ZodType = z.ZodType, N = unknown> {
  readonly entityType: T;
  /** Its list. `parentId`: see `within` and `lists`; elsewhere, and for the first of several lists, the empty text. */
  readonly collection: (connection: N, parentId: string, list?: string) => Collection;
  /**
   * The names of its lists, in the order in which they are read, where the vendor has several (students, staff, contacts): `collection`
   * gets the name of one in place of a parent's id, and `wire` reads the records of all. With `within`, each parent has all of these (courses:
   * students, teachers), and `collection` gets the name after the parent's id.
   */
  readonly lists?: (connection: N) => readonly string[];
  /**
   * The entity type above in whose list these records are as well: `collection` is then that one's own, and what a run fetched for it is read
   * here once more (enrollments that stand in the sections), of several lists as of the one whose `member` a page has. A record of the list makes none, one or many of these; `idOf` knows an id
   * only where there is one.
   */
  readonly from?: EntityType;
  /**
   * The entity type above whose records have a list of these each (the enrollments of a course): `collection` gets the parent's id. All
   * parents are asked that the vendor has, in order of their ids. 404 for one of them: it is gone, and nothing is called gone that night.
   */
  readonly within?: EntityType;
  /**
   * Pure. Whether this one of `within` has such lists, by its canonical value as the vendor has it (schools have attendance, districts
   * have none); absent: all have. Of one that has none nothing is asked for, so what it had is gone.
   */
  readonly parents?: (value: EntityValue, id: string, connection: N) => boolean;
  /**
   * Pure. Whether the vendor offers such records under these connection settings; absent: under all. Where it does not, nothing is asked for,
   * and as with a vendor that answers so itself, what is stored is not called gone.
   */
  readonly isOffered?: (connection: N) => boolean;
  /** The vendor's shape, holding only the members that `read` uses. A record that does not fit is quarantined, alone. */
  readonly wire: W;
  /** Pure. One vendor record to its canonical readings: none, one or several. */
  readonly read: (record: z.output<W>) => readonly Reading<T>[];
  /** Pure. The id of a record that `wire` refuses, where it can be made out: its stored record is then left alone, not deleted. */
  readonly idOf: (record: unknown) => string | undefined;
  /**
   * Where one record is to be had by its id: `member` holds it, or a list of it. 404: the vendor does not have it. Absent: the vendor shows
   * whole lists only, and then nothing can be written back either.
   */
  readonly one?: (id: string, connection: N) => Collection;
  /** Further lists that say more of these records, by names of their own: letters, digits and dashes. */
  readonly joins?: Readonly<Record<string, Join<T, N>>>;
  /** Absent: the vendor is only read. */
  readonly write?: EntityWrite<T, N>;
}

/** Describes one entity type; the types of `read` follow from `wire` and `entityType`. */
export function defineEntity<T extends EntityType, W extends z.ZodType, N>(
  entity: Entity<T, W, N>,
): Entity<T, W, N> {
  return Object.freeze(entity);
}
