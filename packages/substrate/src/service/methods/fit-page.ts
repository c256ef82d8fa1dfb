import { jsonSize } from '../../report/json-size.ts';
import type { CollectedPage } from './collect-page.ts';

/** What the rows of a page weigh at most, in bytes of JSON: no page of the dashboard is heavier than 300 kB with all that it is made of. */
const mostOfPage = 150_000;

/**
 * As many rows of a page as weigh no more together than a page may, whole values and all, and one at least; the others are for the next page.
 * `show`: what is shown of a row, as far as vendors decide how long it is.
 */
export function fitPage<Row extends Place, Place = Row>(
  page: CollectedPage<Row, Place>,
  show: (row: Row) => unknown,
  mostBytes: number = mostOfPage,
): CollectedPage<Row, Place> {
  let size = 0;
  const end = page.rows.findIndex((row, index) => {
    size += jsonSize(show(row)) + 1;
    return index > 0 && size > mostBytes;
  });
  if (end === -1) return page;
  const rows = page.rows.slice(0, end);
  return { rows, next: rows.at(-1) ?? null };
}
