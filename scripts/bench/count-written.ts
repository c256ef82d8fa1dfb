import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** What was committed and sent between two moments, counted in the store's and the bus's own tables. */
export interface Written {
  /** Rows of `records` that were inserted or updated. */
  readonly records: number;
  readonly changes: number;
  /** Messages given to the bus, whether or not they have been delivered since. */
  readonly messages: number;
}

export interface StoreMark {
  /** The last commit that touched a record. */
  readonly recordsUntil: string;
  readonly changes: number;
  readonly messages: number;
}

export function markStore(home: string): StoreMark {
  const [recordsUntil] = select(home, 'store', 'SELECT coalesce(max("updatedAt"), \'\') FROM records');
  const [changes] = select(home, 'store', 'SELECT count(*) FROM changes');
  // Messages are removed once they are delivered; the numbers that they got are never given again.
  const [messages] = select(
    home,
    'bus',
    "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'payload'), 0)",
  );
  return { recordsUntil: String(recordsUntil), changes: Number(changes), messages: Number(messages) };
}

export function writtenSince(home: string, mark: StoreMark): Written {
  const now = markStore(home);
  const [records] = select(home, 'store', 'SELECT count(*) FROM records WHERE "updatedAt" > ?', [
    mark.recordsUntil,
  ]);
  return {
    records: Number(records),
    changes: now.changes - mark.changes,
    messages: now.messages - mark.messages,
  };
}

function select(
  home: string,
  file: 'store' | 'bus',
  sql: string,
  values: readonly string[] = [],
): readonly unknown[] {
  const database = new DatabaseSync(join(home, `${file}.sqlite`), { readOnly: true, timeout: 10_000 });
  try {
    return Object.values(database.prepare(sql).get(...values) ?? {});
  } finally {
    database.close();
  }
}
