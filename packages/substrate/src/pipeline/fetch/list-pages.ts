import type { PageCursor } from '../../http/paging.ts';
import type { VendorPage } from '../../http/vendor-client.ts';
import { toPageRequest } from '../../vendor/collection-request.ts';
import type { Collection } from '../../vendor/define-entity.ts';
import { type Slice, stopIfOver } from '../slice.ts';
import type { FetchedPage } from './fetched-page.ts';

/** The pages of one list from `cursor` on. While one page is staged the next is under way. `first`: the first of them, asked for already. */
export async function* listPages(
  slice: Slice,
  collection: Collection,
  cursor: PageCursor | null,
  position: string | null = null,
  first: Promise<VendorPage> = askForPage(slice, collection, cursor),
): AsyncGenerator<FetchedPage> {
  let at = cursor;
  let pending = first;
  for (;;) {
    stopIfOver(slice);
    const page = await lookAgain(slice, collection, at, await pending);
    const { body, records, evidence, headers } = page;
    const fetched = {
      body,
      records,
      evidence,
      contentType: headers['content-type'] ?? null,
      cursor: page.cursor,
      position,
      beginsList: at === null,
    };
    at = page.cursor;
    if (at === null) {
      yield fetched;
      return;
    }
    pending = askForPage(slice, collection, at);
    yield fetched;
  }
}

/** A page that is awaited later, or never: if what comes before it fails, nobody is left to hear of this one. */
export function askForPage(
  { client, vendor, signal }: Slice,
  collection: Collection,
  cursor: PageCursor | null,
): Promise<VendorPage> {
  const page = client.fetchPage({ ...toPageRequest(vendor.api, collection), cursor, signal });
  page.catch(() => undefined);
  return page;
}

/**
 * Where a vendor names no total, an empty page after others is all that says that the list has ended; in a bad moment a vendor sends one
 * in the middle too. So that page is asked for once more before it is believed.
 */
async function lookAgain(
  slice: Slice,
  collection: Collection,
  cursor: PageCursor | null,
  page: VendorPage,
): Promise<VendorPage> {
  const { endMarker, total } = page.evidence;
  if (cursor === null || total !== undefined || endMarker !== 'empty-page') return page;
  return await askForPage(slice, collection, cursor);
}
