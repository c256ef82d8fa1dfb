import { collectPage } from '@flotilla/substrate/methods';
import {
  listHeldRecordIds,
  type RecordName,
  type RecordScope,
  readRecordNames,
  readRecords,
  type Store,
  type StoredRecord,
  scanEditedRecords,
  scanRecordNames,
  scanRecords,
} from '@flotilla/substrate/store';
import { createWordSearch } from './word-search.ts';

/** Which records, from where on, at most how many. */
interface AskedPage {
  readonly only: 'edited' | 'conflicting' | undefined;
  readonly search: string | undefined;
  readonly after: string | null;
  readonly limit: number;
}

interface RecordPage {
  readonly rows: readonly StoredRecord[];
  /** The id to go on after; null: there is nothing more. */
  readonly next: string | null;
  /** How many were looked through; null: there was nothing to search for. */
  readonly searched: number | null;
}

/** Of names and ids, about 100 B a record. */
const wholeEffort = { most: 20_000, atOnce: 2_000 };

/**
 * Records of one entity type in order of id. A search looks through ids and names only, at most 20,000 in one call, and reads those that it
 * finds: so its page may be short of `limit`, or empty, and still have a next one.
 */
export async function readRecordPage(
  store: Store,
  scope: RecordScope,
  { search, ...page }: AskedPage,
  effort = wholeEffort,
): Promise<RecordPage> {
  if (search === undefined) return { ...(await readWhole(store, scope, page)), searched: null };
  const { only, after, limit } = page;
  const isFound = createWordSearch(search);
  let searched = 0;
  const { rows, next } = await collectPage<RecordName, Pick<RecordName, 'recordId'>>(
    (from, size) => readNames(store, scope, only, from?.recordId ?? null, size),
    ({ recordId, name }) => {
      searched++;
      return isFound(name === null ? [recordId] : [name, recordId]);
    },
    { after: after === null ? undefined : { recordId: after }, limit, effort },
  );
  const ids = rows.map(({ recordId }) => recordId);
  return { rows: await readInOrder(store, scope, ids), next: next?.recordId ?? null, searched };
}

async function readWhole(
  store: Store,
  scope: RecordScope,
  { only, after, limit }: Omit<AskedPage, 'search'>,
): Promise<Omit<RecordPage, 'searched'>> {
  if (only === 'conflicting') {
    const ids = await listHeldRecordIds(store, scope, after, limit);
    const rows = await readInOrder(store, scope, ids);
    return { rows, next: ids.length < limit ? null : (ids.at(-1) ?? null) };
  }
  const rows = await (only === 'edited' ? scanEditedRecords : scanRecords)(store, scope, after, limit);
  return { rows, next: rows.length < limit ? null : (rows.at(-1)?.recordId ?? null) };
}

async function readNames(
  store: Store,
  scope: RecordScope,
  only: AskedPage['only'],
  after: string | null,
  limit: number,
): Promise<readonly RecordName[]> {
  if (only !== 'conflicting') return await scanRecordNames(store, scope, only === 'edited', after, limit);
  const ids = await listHeldRecordIds(store, scope, after, limit);
  const named = await readRecordNames(
    store,
    ids.map((recordId) => ({ ...scope, recordId })),
  );
  const nameById = new Map(named.map(({ recordId, name }) => [recordId, name]));
  return ids.map((recordId) => ({ recordId, name: nameById.get(recordId) ?? null }));
}

/** One that has gone since is passed over, not the rest of the page. */
async function readInOrder(
  store: Store,
  scope: RecordScope,
  ids: readonly string[],
): Promise<readonly StoredRecord[]> {
  const recordsById = await readRecords(store, scope, ids);
  return ids.flatMap((id) => recordsById.get(id) ?? []);
}
