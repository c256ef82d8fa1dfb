import type { JsonValue } from '../json/json-value.ts';
import type { FeedWindow } from '../store/runs.ts';
import type { Collection, Entity } from './define-entity.ts';
import type { Vendor } from './define-vendor.ts';
import type { DeltaList } from './feed.ts';

/** Pure. Where what changed of an entity in this window is told (`Feed.since`); undefined: nowhere. */
export function deltaLists(
  { feed }: Pick<Vendor, 'feed'>,
  entity: Pick<Entity, 'entityType' | 'collection' | 'lists' | 'within'>,
  window: FeedWindow,
  connection: unknown,
): readonly DeltaList[] | undefined {
  return feed?.since?.(entity.entityType, window, connection, ownLists(entity, connection));
}

/** Pure. The lists of an entity; none where each record of the entity type above has lists of its own. */
function ownLists(
  { collection, lists, within }: Pick<Entity, 'collection' | 'lists' | 'within'>,
  connection: unknown,
): readonly Collection[] {
  if (within !== undefined) return [];
  return (lists?.(connection) ?? ['']).map((name) => collection(connection, name));
}

/** Pure. A list of records as they read now, for an entity's `wire` and `read`. */
export function changedIn(collection: Collection): DeltaList {
  return { collection, says: (record) => [{ changed: record }] };
}

/**
 * Pure. A list of what was deleted, each known by the canonical id that `idOf` makes out. One of which it cannot is refused as a record, so that
 * everything is fetched whole the next time. `isOurs`: whether it is one of those that are read at all.
 */
export function deletedIn(
  collection: Collection,
  idOf: (record: JsonValue) => string | undefined,
  isOurs: (record: JsonValue) => boolean = () => true,
): DeltaList {
  return {
    collection,
    says: (record) => {
      const id = idOf(record);
      if (id === undefined) return [{ changed: record }];
      return isOurs(record) ? [{ deleted: id }] : [];
    },
  };
}
