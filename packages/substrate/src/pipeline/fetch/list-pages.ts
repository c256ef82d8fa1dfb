import type { PageCursor } from '../../http/paging.ts';
import type { VendorPage } from '../../http/vendor-client.ts';
import { toPageRequest } from '../../vendor/collection-request.ts';
import type { Collection } from '../../vendor/define-entity.ts';
import { type Slice, stopIfOver } from '../slice.ts';
import type { FetchedPage } from './fetched-page.ts';

interface ListOptions {
  /** Which of several lists it is. */
  readonly position?: string;
  /** The first page, if it was asked for already. */
  readonly first?: Promise<VendorPage>;
  /** Whether the vendor forgets a page when the next is asked for. */
  readonly isConsumed?: boolean;
}

/** The pages of one list from `cursor` on. While one page is staged the next is under way, unless the list is consumed. */
export async function* listPages(
  slice: Slice,
  collection: Collection,
  cursor: PageCursor | null,
  { position, first, isConsumed = false }: ListOptions = {},
): AsyncGenerator<FetchedPage> {
  let at = cursor;
  let pending = first ?? askForPage(slice, collection, cursor);
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
      list: position ?? null,
      position: position ?? null,
      beginsList: at === null,
    };
    at = page.cursor;
    if (at === null) {
      yield fetched;
      return;
    }
    if (isConsumed) yield fetched;
    pending = askForPage(slice, collection, at);
    if (!isConsumed) yield fetched;
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
