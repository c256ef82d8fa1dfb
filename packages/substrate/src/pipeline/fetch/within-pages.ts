import { toFailure } from '../../failure/failure.ts';
import type { VendorPage } from '../../http/vendor-client.ts';
import type { EntityType } from '../../model/entity-types.ts';
import type { RunEntityType } from '../../store/runs.ts';
import type { Collection, Entity } from '../../vendor/define-entity.ts';
import { type Slice, stopIfOver } from '../slice.ts';
import type { FetchedPage } from './fetched-page.ts';
import { askForPage, listPages } from './list-pages.ts';
import { parentIds } from './parent-ids.ts';

/** Lists begun ahead of the one under way, however many requests the vendor allows at once: their pages wait in memory. */
const mostAhead = 16;
/** So many parents without the list, and none with it: the vendor does not offer it. */
const enoughAbsent = 25;

/** The list of this parent is not there any more. */
export interface VanishedList {
  readonly vanished: string;
}

/**
 * The pages of the lists that the records of `within` have, one list after the other in order of the parents' ids, or of several lists by
 * their names, from where `start` stands. The lists that come next are asked for while one is staged. A parent that the vendor has deleted
 * meanwhile answers 404: it is passed over, and said.
 */
export async function* withinPages(
  slice: Slice,
  entity: Pick<Entity, 'collection'>,
  within: EntityType | readonly string[],
  start: RunEntityType,
): AsyncGenerator<FetchedPage | VanishedList> {
  let absent = 0;
  let isOffered = start.pages > 0;
  for await (const { parentId, collection, first } of listsAhead(slice, entity, within, start)) {
    const cursor = parentId === start.position ? start.cursor : null;
    try {
      for await (const page of listPages(slice, collection, cursor, { position: parentId, first })) {
        isOffered = true;
        yield page;
      }
    } catch (thrown) {
      if (!isAbsence(thrown)) throw thrown;
      absent++;
      if (!isOffered && absent >= enoughAbsent) throw thrown;
      yield { vanished: parentId };
    }
  }
}

interface OpenedList {
  readonly parentId: string;
  readonly collection: Collection;
  /** Its first page. */
  readonly first: Promise<VendorPage>;
}

/** The lists in order, some of them under way before they are asked for. */
async function* listsAhead(
  slice: Slice,
  entity: Pick<Entity, 'collection'>,
  within: EntityType | readonly string[],
  { position, cursor }: RunEntityType,
): AsyncGenerator<OpenedList> {
  const width = Math.min(slice.vendor.api.limits.concurrent, mostAhead);
  const ahead: OpenedList[] = [];

  function begin(parentId: string, at: RunEntityType['cursor']): void {
    const collection = entity.collection(slice.connection, parentId);
    ahead.push({ parentId, collection, first: askForPage(slice, collection, at) });
  }

  if (position !== null && cursor !== null) begin(position, cursor);
  const following =
    typeof within === 'string' ? parentIds(slice, within, position) : namesAfter(within, position);
  for await (const parentId of following) {
    stopIfOver(slice);
    begin(parentId, null);
    if (ahead.length >= width) yield ahead.shift() as OpenedList;
  }
  yield* ahead;
}

function namesAfter(names: readonly string[], position: string | null): readonly string[] {
  return position === null ? names : names.slice(names.indexOf(position) + 1);
}

function isAbsence(thrown: unknown): boolean {
  const { code, data } = toFailure(thrown);
  return data.status === 404 || data.status === 410 || code === 'not_found';
}
