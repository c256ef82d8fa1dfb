import { toFailure } from '../../failure/failure.ts';
import type { VendorPage } from '../../http/vendor-client.ts';
import type { ListProgress } from '../../store/list-progress.ts';
import type { Collection, Entity } from '../../vendor/define-entity.ts';
import { type Slice, stopIfOver } from '../slice.ts';
import type { FetchedPage } from './fetched-page.ts';
import { askForPage, listPages } from './list-pages.ts';
import { parentIds } from './parent-ids.ts';

/** Lists begun ahead of the one under way, however many requests the vendor allows at once: their pages wait in memory. */
const mostAhead = 16;
/** So many parents without the list, and none with it: the vendor does not offer it. */
const enoughAbsent = 25;

type Lister = Pick<Entity, 'collection' | 'lists' | 'within' | 'parents'>;

/** The list of this parent is not there any more. */
export interface VanishedList {
  readonly vanished: string;
}

/**
 * The pages of an entity type's lists, one list after the other from where `start` stands: in order of the parents' ids, of their names, or
 * of each parent by their names. The lists that come next are asked for while one is staged. A parent that the vendor has deleted
 * meanwhile answers 404: it is passed over, and said.
 */
export async function* withinPages(
  slice: Slice,
  entity: Lister,
  start: Pick<ListProgress, 'position' | 'cursor' | 'pages'>,
): AsyncGenerator<FetchedPage | VanishedList> {
  let absent = 0;
  let isOffered = start.pages > 0;
  for await (const { place, collection, first } of listsAhead(slice, entity, start)) {
    const cursor = place === start.position ? start.cursor : null;
    try {
      for await (const page of listPages(slice, collection, cursor, { position: place, first })) {
        isOffered = true;
        yield page;
      }
    } catch (thrown) {
      if (!isAbsence(thrown)) throw thrown;
      absent++;
      if (!isOffered && (absent >= enoughAbsent || isNeverOffered(thrown))) throw thrown;
      yield { vanished: place };
    }
  }
}

interface OpenedList {
  /** Which it is, as checkpoints keep it. */
  readonly place: string;
  readonly collection: Collection;
  /** Its first page. */
  readonly first: Promise<VendorPage>;
}

/** The lists in order, some of them under way before they are asked for. */
async function* listsAhead(
  slice: Slice,
  entity: Lister,
  { position, cursor }: Pick<ListProgress, 'position' | 'cursor'>,
): AsyncGenerator<OpenedList> {
  const width = Math.min(slice.vendor.api.limits.concurrent, mostAhead);
  const ahead: OpenedList[] = [];

  function begin(place: string, at: ListProgress['cursor']): void {
    const collection = collectionAt(slice, entity, place);
    ahead.push({ place, collection, first: askForPage(slice, collection, at) });
  }

  if (position !== null && cursor !== null) begin(position, cursor);
  for await (const place of placesAfter(slice, entity, position)) {
    stopIfOver(slice);
    begin(place, null);
    if (ahead.length >= width) yield ahead.shift() as OpenedList;
  }
  yield* ahead;
}

/** A place is a parent's id or a list's name; where each parent has several lists, the name, a slash and the id. */
export function collectionAt(
  { connection }: Pick<Slice, 'connection'>,
  { collection, lists, within }: Pick<Entity, 'collection' | 'lists' | 'within'>,
  place: string,
): Collection {
  if (lists === undefined || within === undefined) return collection(connection, place);
  const [name, parentId] = splitPlace(place);
  return collection(connection, parentId, name);
}

async function* placesAfter(
  slice: Slice,
  { lists, within, parents }: Lister,
  position: string | null,
): AsyncGenerator<string> {
  const names = lists?.(slice.connection);
  if (within === undefined) return yield* namesAfter(names ?? [], position);
  const having = { within, ...(parents === undefined ? {} : { parents }) };
  if (names === undefined) return yield* parentIds(slice, having, position);
  const [name, lastId] = position === null ? [null, null] : splitPlace(position);
  if (lastId !== null) for (const next of namesAfter(names, name)) yield `${next}/${lastId}`;
  for await (const parentId of parentIds(slice, having, lastId))
    for (const next of names) yield `${next}/${parentId}`;
}

function splitPlace(place: string): readonly [name: string, parentId: string] {
  const at = place.indexOf('/');
  return [place.slice(0, at), place.slice(at + 1)];
}

function namesAfter(names: readonly string[], position: string | null): readonly string[] {
  return position === null ? names : names.slice(names.indexOf(position) + 1);
}

/** 501 is said of the vendor, not of this list: it is not asked for the others'. */
function isNeverOffered(thrown: unknown): boolean {
  return toFailure(thrown).data.status === 501;
}

/** The vendor has no such list, or not any more. */
export function isAbsence(thrown: unknown): boolean {
  const { code, data } = toFailure(thrown);
  return data.status === 404 || data.status === 410 || code === 'not_found';
}
