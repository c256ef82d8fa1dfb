import { isJsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { valueAt } from '@flotilla/substrate/json/value-at';
import { Text } from '@flotilla/substrate/lenient';
import type { Collection, DeltaList, Feed } from '@flotilla/substrate/vendor';
import type { Connection } from './connection.ts';
import { idOf } from './wire/keys.ts';

/** Of an entity, what its changes are told by. */
interface Listed {
  readonly entityType: string;
  readonly lists?: (connection: Connection) => readonly string[];
  readonly collection: (connection: Connection, list: string) => Collection;
}

/**
 * Pure. Change queries: what changed between two versions, what was deleted, and whose key was changed. A window begins one run further back
 * than the last (`overlap`), since a transaction may commit late under a version that was passed already.
 */
export function changeQueries(entities: readonly Listed[]): Feed<Connection> {
  return {
    latest: ({ changesPath = '/changeQueries/v1' }) => ({ path: `${changesPath}/availableChangeVersions` }),
    cursorIn: (answer) => versionIn(answer, 'newest')?.toString(),
    // A host that was set up anew counts from the beginning again.
    isTooOld: (cursor, answer) => {
      const [oldest = Number.POSITIVE_INFINITY, newest = 0] = [
        versionIn(answer, 'oldest'),
        versionIn(answer, 'newest'),
      ];
      return Number(cursor) + 1 < oldest || Number(cursor) > newest;
    },
    overlap: 1,
    since: (entityType, { from, to }, connection) => {
      const entity = entities.find((one) => one.entityType === entityType);
      // Before 6, deletes may not say whose key it was.
      const isTold = connection.changeQueries !== false && (connection.apiVersion ?? 0) >= 6;
      if (entity === undefined || !isTold) return undefined;
      const range = { minChangeVersion: String(Number(from) + 1), maxChangeVersion: to };
      const lists = (entity.lists?.(connection) ?? ['']).map((list) => entity.collection(connection, list));
      return [
        // What was created again under its old key is in the list of changes as well, and that is read last.
        ...lists.map((list) => gone(list, 'keyChanges', 'oldKeyValues', range)),
        ...lists.map((list) => gone(list, 'deletes', 'keyValues', range)),
        ...lists.map((list) => ({
          collection: { ...list, query: { ...list.query, ...range } },
          says: (record: JsonValue) => [{ changed: record }],
        })),
      ];
    },
  };
}

/** Older hosts begin the names with a capital. */
function versionIn(answer: JsonValue, which: 'oldest' | 'newest'): number | undefined {
  const version =
    valueAt(answer, `/${which}ChangeVersion`) ??
    valueAt(answer, which === 'oldest' ? '/OldestChangeVersion' : '/NewestChangeVersion');
  return typeof version === 'number' ? version : undefined;
}

function gone(
  { path, query }: Collection,
  list: string,
  member: string,
  range: Collection['query'],
): DeltaList {
  return {
    collection: { path: `${path}/${list}`, query: { totalCount: 'true', ...range } },
    says: (record) => {
      const key = valueAt(record, `/${member}`);
      const id = idOf(path.split('/').at(-1) ?? '', key, true);
      // It is refused as a record, so that everything is fetched whole the next time.
      if (id === undefined || !isJsonObject(key)) return [{ changed: record }];
      const isOther = Object.entries(query ?? {}).some(
        ([name, text]) => name in key && Text.safeParse(key[name]).data !== text,
      );
      return isOther ? [] : [{ deleted: id }];
    },
  };
}
