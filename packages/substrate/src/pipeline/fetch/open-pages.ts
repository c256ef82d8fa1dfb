import type { FetchEnd, ListProgress } from '../../store/list-progress.ts';
import { type RunEntityType, readRunEntityTypes } from '../../store/runs.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { Slice } from '../slice.ts';
import { firstPageOf } from './begin-anew.ts';
import type { FetchedPage } from './fetched-page.ts';
import { keptPages } from './kept-pages.ts';
import { listPages } from './list-pages.ts';
import { collectionAt, type VanishedList, withinPages } from './within-pages.ts';

/** Where records stand: an entity type's, or those that say more of them. */
export type Listed = Pick<Entity, 'collection' | 'lists' | 'within' | 'parents' | 'from' | 'idOf'>;

/** Where pages come from in this run. */
export interface OpenedPages {
  readonly pages: () => AsyncGenerator<FetchedPage | VanishedList>;
  /** Knows the vendor's records in their list by their ids; absent where the list is another entity type's, which answers for it. */
  readonly lister?: Pick<Entity, 'idOf'>;
  /** Why the fetch is at its end when no page is left; absent where the last page says it. */
  readonly end?: FetchEnd;
  /** The entity type that the pages were fetched for, and that answers for them. */
  readonly source?: RunEntityType;
}

/** The pages of a list, or of several, behind `start`: asked of the vendor, or as they were fetched for another entity type. */
export async function openPages(
  slice: Slice,
  listed: Listed,
  start: Pick<ListProgress, 'position' | 'cursor' | 'pages'>,
): Promise<OpenedPages> {
  const { customerId, runId } = slice.run;
  const { from } = listed;
  const lister = slice.vendor.entities.find((one) => one.entityType === from) ?? listed;
  const progress = await readRunEntityTypes(slice.worker.store, customerId, runId);
  const source = from === undefined ? undefined : progress.get(from);
  const collectionOf = (list: string) => collectionAt(slice, lister, list);
  // What has been applied already may be old by now: then, as where it is not part of the run, the list is fetched once more.
  // And where only what changed was fetched for the other one.
  if (source !== undefined && source.finishedAt === null && source.window === null) {
    return {
      pages: () => keptPages(slice, collectionOf, source, firstPageOf(source) + start.pages),
      end: 'pages-of-another',
      source,
    };
  }
  if (lister.lists !== undefined || lister.within !== undefined)
    return { pages: () => withinPages(slice, lister, start), lister, end: 'every-list' };
  return { pages: () => listPages(slice, collectionOf(''), start.cursor), lister };
}
