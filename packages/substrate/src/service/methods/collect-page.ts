/** What lies beyond is for the next page. */
const mostExamined = 5_000;
const leastRead = 100;

export interface CollectedPage<Row, Place = Row> {
  readonly rows: readonly Row[];
  /** Where the next page goes on; null: there is nothing more. */
  readonly next: Place | null;
}

export interface PageToCollect<Place> {
  readonly after: Place | undefined;
  readonly limit: number;
  /** Rows looked at in one call, and read at a time; of small rows that may be more. */
  readonly effort?: { readonly most: number; readonly atOnce: number };
}

/**
 * A page of those rows that are wanted, where the store can only say them in order with others between them. Bounded: a page may be short of
 * `limit`, or empty, and still have a next one.
 */
export async function collectPage<Row extends Place, Place = Row>(
  read: (after: Place | undefined, limit: number) => Promise<readonly Row[]>,
  isWanted: (row: Row) => boolean,
  { after, limit, effort = { most: mostExamined, atOnce: leastRead } }: PageToCollect<Place>,
): Promise<CollectedPage<Row, Place>> {
  const rows: Row[] = [];
  const pageSize = Math.max(limit, effort.atOnce);
  let last = after;
  for (let examined = 0; examined < effort.most; examined += pageSize) {
    const page = await read(last, pageSize);
    for (const row of page) {
      last = row;
      if (isWanted(row)) rows.push(row);
      if (rows.length === limit) return { rows, next: row };
    }
    if (page.length < pageSize) return { rows, next: null };
  }
  return { rows, next: last ?? null };
}
