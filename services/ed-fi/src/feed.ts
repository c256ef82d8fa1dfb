import type { JsonValue } from '@flotilla/substrate/json/json-value';
import { valueAt } from '@flotilla/substrate/json/value-at';
import { Text } from '@flotilla/substrate/lenient';
import { type Collection, changedIn, type DeltaList, deletedIn, type Feed } from '@flotilla/substrate/vendor';
import type { Connection } from './connection.ts';
import { idOf } from './wire/resources.ts';

/**
 * Pure. Change queries: what changed between two versions, what was deleted, and whose key was changed. A window begins one run further back
 * than the last (`overlap`), since a transaction may commit late under a version that was passed already.
 */
export const changeQueries: Feed<Connection> = {
  latest: ({ changesPath = '/changeQueries/v1' }) => ({ path: `${changesPath}/availableChangeVersions` }),
  cursorIn: (answer) => versionIn(answer, 'newest')?.toString(),
  // A host that was set up anew counts from the beginning again.
  isTooOld: (cursor, answer) => {
    const oldest = versionIn(answer, 'oldest') ?? Number.POSITIVE_INFINITY;
    const newest = versionIn(answer, 'newest') ?? 0;
    return Number(cursor) + 1 < oldest || Number(cursor) > newest;
  },
  overlap: 1,
  since: (_, { from, to }, { changeQueries: isWanted = true, apiVersion = 0 }, lists) => {
    // Before 6, deletes may not say whose key it was.
    if (!isWanted || apiVersion < 6) return undefined;
    const range = { minChangeVersion: String(Number(from) + 1), maxChangeVersion: to };
    return [
      // What was created again under its old key is in the list of changes as well, and that is read last.
      ...lists.map((list) => gone(list, 'keyChanges', 'oldKeyValues', range)),
      ...lists.map((list) => gone(list, 'deletes', 'keyValues', range)),
      ...lists.map((list) => changedIn({ ...list, query: { ...list.query, ...range } })),
    ];
  },
};

/** Older hosts begin the names with a capital. */
function versionIn(answer: JsonValue, which: 'oldest' | 'newest'): number | undefined {
  const version =
    valueAt(answer, `/${which}ChangeVersion`) ??
    valueAt(answer, which === 'oldest' ? '/OldestChangeVersion' : '/NewestChangeVersion');
  return typeof version === 'number' ? version : undefined;
}

type Asked = Collection['query'];

/** Keys that are no more. Of records that are asked for by part of their key (`demographicsOf`), others' are not ours. */
function gone({ path, query = {} }: Collection, list: string, member: string, range: Asked): DeltaList {
  const resource = path.split('/').at(-1) ?? '';
  return deletedIn(
    { path: `${path}/${list}`, query: { totalCount: 'true', ...range } },
    (record) => idOf(resource, valueAt(record, `/${member}`), true),
    (record) =>
      Object.entries(query).every(([name, text]) => {
        const part = Text.safeParse(valueAt(record, `/${member}/${name}`)).data;
        return part === undefined || part === text;
      }),
  );
}
