import type { z } from 'zod';
import type { JsonObject } from '../json/json-value.ts';
import type { EntityType, EntityValue } from '../model/entity-types.ts';
import type { Collection } from './define-entity.ts';

/** What one record of a join's list says. */
export interface Said<S extends JsonObject = JsonObject> {
  /** Of which records: of those whose `keyOf` is this. 1 to 255 characters. */
  readonly key: string;
  /**
   * Which of the list's records says it; 1 to 255 characters. It is unique in the list by itself, as `idOf` has it: by these ids it is counted whether
   * all came that the vendor announced.
   */
  readonly id: string;
  /** What `add` uses, and nothing else: it is kept, and a difference in it is a change of the record. */
  readonly says: S;
}

/**
 * A list that says more of an entity type's records than their own list does: a student's school stands in a list of
 * associations, say. It is read before them, whole; what it says is kept, one small row for each record of it, and added to every
 * record that is read. Such an entity type is fetched whole whenever the feed has any news: what the feed tells of its own lists is not all.
 */
export interface Join<T extends EntityType = EntityType, N = unknown> {
  /** Its list. Absent where it is `from` another's. */
  readonly collection?: (connection: N) => Collection;
  /** The entity type above whose list says it: what this run has fetched for it is read here once more, without a request. */
  readonly from?: EntityType;
  /** The vendor's record to what it says; undefined: nothing. One that does not fit is quarantined, alone. */
  readonly wire: z.ZodType<Said | undefined>;
  /** Pure. Which of the list's records this one is, the `id` of what it says, also where `wire` refuses it: what it said before is then left alone. */
  readonly idOf: (record: unknown) => string | undefined;
  /** Pure. The key by which a record finds what is said of it: a reference in it, such as a class' course; absent: its own id. */
  readonly keyOf?: (id: string, value: EntityValue<T>) => string | undefined;
  /** The canonical members that `add` may change. They cannot be written back: what was written could not be read again. */
  readonly members: readonly (keyof EntityValue<T> & string)[];
  /**
   * Pure. The record with what is said of it, in order of `id`; not called where nothing is. What an earlier version of the mapping kept may
   * come until the next whole fetch, so what a member of `says` means does not change: a new meaning is a new member.
   */
  readonly add: (value: EntityValue<T>, said: readonly JsonObject[]) => EntityValue<T>;
}

type SaysOf<W extends z.ZodType> = NonNullable<z.output<W>> extends Said<infer S> ? S : never;

interface JoinDraft<T extends EntityType, W extends z.ZodType<Said | undefined>, N>
  extends Omit<Join<T, N>, 'wire' | 'add'> {
  readonly wire: W;
  readonly add: (value: EntityValue<T>, said: readonly SaysOf<W>[]) => EntityValue<T>;
}

/** Describes a join of an entity type; what `add` is given follows from `wire`. */
export function defineJoin<T extends EntityType, W extends z.ZodType<Said | undefined>, N = unknown>(
  _entityType: T,
  join: JoinDraft<T, W, N>,
): Join<T, N> {
  // The one place where the type of what is said is forgotten: what `add` gets has come through `wire`.
  return Object.freeze(join) as unknown as Join<T, N>;
}
