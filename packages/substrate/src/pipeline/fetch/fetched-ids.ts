import type { ListProgress } from '../../store/list-progress.ts';
import { type Page, type PageScope, readSeen } from '../../store/pages.ts';
import type { Slice } from '../slice.ts';
import { firstPageOf } from './begin-anew.ts';
import { createSeenIds, type SeenIds } from './seen-ids.ts';

/** What a fetch has seen so far. */
export interface FetchedIds {
  /** The ids of canonical records. */
  readonly ids: SeenIds;
  /** Different records of the vendor's in the list under way, whatever was read of them. */
  readonly listed: number;
  add(page: Pick<Page, 'seen' | 'listed'>): void;
  /** What comes from now on is of another list. */
  beginList(): void;
}

/** Nearly always a vendor's record is one canonical record, in one list: then one set serves for both. */
function createFetchedIds(): FetchedIds {
  const ids = createSeenIds();
  let apart: SeenIds | undefined;
  return {
    ids,
    get listed() {
      return (apart ?? ids).size;
    },
    add({ seen, listed }) {
      if (listed !== null) apart ??= ids.copy();
      ids.add(seen);
      apart?.add(listed ?? seen);
    },
    beginList() {
      if (apart !== undefined || ids.size > 0) apart = createSeenIds();
    },
  };
}

/** What earlier slices of this run have seen in these lists. */
export async function resumeFetched(
  { worker }: Slice,
  scope: PageScope,
  progress: Pick<ListProgress, 'restarts' | 'evidence'>,
): Promise<FetchedIds> {
  const fetched = createFetchedIds();
  for (const page of await readSeen(worker.store, scope, firstPageOf(progress))) {
    if (page.page === progress.evidence?.list?.firstPage) fetched.beginList();
    fetched.add(page);
  }
  return fetched;
}
