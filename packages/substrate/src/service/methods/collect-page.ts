/** Rows looked at in one call; what lies beyond is for the next page. */
const mostExamined = 5_000;
const leastRead = 100;

export interface CollectedPage<Row, Place = Row> {
  readonly rows: readonly Row[];
  /** Where the next page goes on; null: there is nothing more. */
  readonly next: Place | null;
}

/**
 * A page of those rows that are wanted, where the store can only say them in order with others between them. Bounded: a page may be short of
 * `limit`, or empty, and still have a next one.
 */
export async function collectPage<Row extends Place, Place = Row>(
  read: (after: Place | undefined, limit: number) => Promise<readonly Row[]>,
  isWanted: (row: Row) => boolean,
  { after, limit }: { readonly after: Place | undefined; readonly limit: number },
): Promise<CollectedPage<Row, Place>> {
  const rows: Row[] = [];
  const pageSize = Math.max(limit, leastRead);
  let last = after;
  for (let examined = 0; examined < mostExamined; examined += pageSize) {
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
