import type { Query } from '../http/vendor-client.ts';
import type { JsonValue } from '../json/json-value.ts';
import type { EntityType } from '../model/entity-types.ts';
import type { FeedWindow } from '../store/runs.ts';
import type { Collection } from './define-entity.ts';

/**
 * What a vendor tells of its changes: events, change versions, notifications. Where it names its latest event, a run that finds nothing new
 * there reads nothing at all. Where what changed since can be had (`since`), only that is fetched between two whole fetches.
 */
export interface Feed<N = unknown> {
  /**
   * A request whose answer names the latest event: asked before anything is read. Absent: what tells of changes is a queue that is read away,
   * which cannot be asked without being consumed. Then `since` is needed, and its lists are `isConsumed`.
   */
  readonly latest?: (connection: N) => { readonly path: string; readonly query?: Query };
  /** Pure. What names the latest event in that answer; undefined where there is none, or the answer is not the promised one. */
  readonly cursorIn?: (answer: JsonValue) => string | undefined;
  /**
   * Pure. Where what changed of an entity type in this window is told; undefined: not at all, and the entity type is fetched whole. Both ends
   * are cursors; whether they belong to the window is for the vendor's request to say. Of a queue they are ours, and say nothing to the vendor.
   * `lists`: those in which the entity type stands whole; none where each record of another one has lists of its own.
   */
  readonly since?: (
    entityType: EntityType,
    window: FeedWindow,
    connection: N,
    lists: readonly Collection[],
  ) => readonly DeltaList[] | undefined;
  /**
   * Pure. Whether the feed tells of all changes of an entity type, in its joins' lists too; absent: of every one's. A run that reads others is
   * spared nothing by a feed that stands still (of a log of rosters, say, that has no gradebooks).
   */
  readonly covers?: (entityType: EntityType) => boolean;
  /** Pure. Whether events after this cursor are not kept any more, by the answer to `latest`: then everything is fetched whole. */
  readonly isTooOld?: (cursor: string, answer: JsonValue) => boolean;
  /**
   * So many cursors further back than the last does a window begin, as far as there have been any: 1 where a change may be committed late
   * under a version that was passed already. Default 0.
   */
  readonly overlap?: number;
  /** So many days does the vendor keep what it has to tell; after longer everything is fetched whole. Absent: for ever, or `isTooOld` knows. */
  readonly keptDays?: number;
}

/** A list that tells of changes. Lists are read in order, and what is said last of a record holds. */
export interface DeltaList {
  readonly collection: Collection;
  /** Pure. What one record of the list says, in order. */
  readonly says: (record: JsonValue) => readonly DeltaWord[];
  /**
   * Whether asking for the next page makes the vendor forget this one, and asking for the first again begins with what it has not forgotten.
   * Such a list is read once a run for all entity types that have it, each page kept before the next is asked for. What it tells of entity
   * types that are not in the run is kept for the runs over them. Its paging has to ask once more after the last page with anything in it,
   * or that one comes again.
   */
  readonly isConsumed?: boolean;
}

/**
 * - `changed`: the vendor's record now reads so, for the entity's `wire` and `read`. Not for messages that may come late or twice: what they
 *   hold may be old by then.
 * - `deleted`: the vendor does not have this canonical record any more.
 * - `named`: something happened to this canonical record, which is asked for by its id (`one`) once the page is read.
 * - `unclear`: something happened, and what is not known, such as a kind of event that nobody has heard of or a gap in the numbers. The
 *   entity type is fetched whole. The text goes into the log.
 */
export type DeltaWord =
  | { readonly changed: JsonValue }
  | { readonly deleted: string }
  | { readonly named: string }
  | { readonly unclear: string };
