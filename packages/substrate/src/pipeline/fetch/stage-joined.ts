import { Failure } from '../../failure/failure.ts';
import { digestJson } from '../../json/digest.ts';
import type { JsonValue } from '../../json/json-value.ts';
import { type Joined, putJoined, readJoinedHashes } from '../../store/joined.ts';
import { putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { recordFailure } from '../record-failure.ts';
import { commit, type Slice } from '../slice.ts';
import type { FetchedIds } from './fetched-ids.ts';
import type { FetchedPage } from './fetched-page.ts';
import { idText, pairText } from './forget-unsaid.ts';
import { type JoinList, progressOf, withProgress } from './join-list.ts';
import { prepareKept } from './keep-page.ts';
import { listedOn, withPage } from './list-evidence.ts';
import { assertStorable, parseWire, type Refusal, readEach, reportBug } from './read-page.ts';
import { digestsOf, type SeenIds } from './seen-ids.ts';

/**
 * Reads one page of a list that says more of an entity type's records, and commits, together: the raw page, what is said otherwise than is
 * kept, what was refused, what was seen, and the checkpoint. What is said unchanged costs no write.
 */
export async function stageJoined(
  slice: Slice,
  entity: Entity,
  list: JoinList,
  progress: RunEntityType,
  fetched: FetchedIds,
  page: FetchedPage,
  lister: Pick<Entity, 'idOf'> | undefined,
): Promise<RunEntityType> {
  const preparing = prepareKept(slice, page);
  // It is awaited below; if the records fail first, nobody is left to hear of it.
  preparing.catch(() => undefined);
  const { readings, refusals } = readEach(list.join, page.records, (raw, ordinal) =>
    readSaid(list, raw, ordinal),
  );
  reportBug(slice.worker, entity, refusals);
  const sorted = await sortSaid(slice, list, fetched.ids, readings);
  const refused = [...refusals, ...sorted.refused];
  const ids = refusals.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const seen = digestsOf([...readings.map(({ row }) => pairText(row)), ...ids.map((id) => idText({ id }))]);
  if (page.beginsList) fetched.beginList();
  // Never the same as what was seen, which is digests of something else.
  const { listed, unlisted } = listedOn(page, lister, []);
  fetched.add({ seen, listed });

  const before = progressOf(progress, list);
  const unidentified = refusals.length - ids.length;
  const isListed = lister !== undefined;
  const next = withProgress(progress, list, {
    cursor: page.cursor,
    position: page.position,
    pages: before.pages + 1,
    evidence: {
      ...withPage(before, page, fetched, { isListed, unlisted, unidentified }),
      // A list whose records say nothing has come all the same.
      distinct: (before.evidence?.distinct ?? 0) + page.records.length,
    },
    refused: before.refused + refused.length,
  });
  const keep = await preparing;
  await commit(slice, (transaction) => {
    keep(transaction, list.pages, before.pages, { seen, listed, gone: new Uint8Array(), refused });
    putJoined(transaction, sorted.changed);
    putRunEntityType(transaction, next);
  });
  return next;
}

interface SaidReading {
  readonly ordinal: number;
  readonly row: Joined;
  readonly raw: JsonValue;
}

function readSaid({ join, scope }: JoinList, raw: JsonValue, ordinal: number): readonly SaidReading[] {
  const said = parseWire(join.wire, raw);
  if (said === undefined) return [];
  const { key, id, says } = said;
  assertStorable(key);
  assertStorable(id);
  return [{ ordinal, raw, row: { ...scope, key, id, says, hash: digestJson(says) } }];
}

/** What differs from what is kept; and what contradicts something that came before in this fetch. */
async function sortSaid(
  slice: Slice,
  { scope }: JoinList,
  seen: SeenIds,
  readings: readonly SaidReading[],
): Promise<{ readonly changed: readonly Joined[]; readonly refused: readonly Refusal[] }> {
  const rows = readings.map(({ row }) => row);
  const stored = await readJoinedHashes(slice.worker.store, scope, rows);
  const hashes = new Map(stored.map((row) => [pairText(row), row.hash]));
  const isSeen = seen.holds(digestsOf(rows.map(pairText)));
  const came = new Set(rows.map(pairText).filter((_text, index) => isSeen[index]));
  const changed: Joined[] = [];
  const refused: Refusal[] = [];
  for (const { ordinal, row, raw } of readings) {
    const text = pairText(row);
    const isSame = hashes.get(text) === row.hash;
    if (came.has(text)) {
      if (!isSame) refused.push({ ordinal, id: row.id, failure: recordFailure(sameId(row)), raw });
      continue;
    }
    came.add(text);
    hashes.set(text, row.hash);
    if (!isSame) changed.push(row);
  }
  return { changed, refused };
}

function sameId({ id }: Joined): Failure {
  return new Failure('duplicate_id', 'Another record of this fetch has the same id', { data: { id } });
}
