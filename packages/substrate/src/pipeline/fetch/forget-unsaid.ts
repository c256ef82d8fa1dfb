import { deleteJoined, type JoinedKey, scanJoined } from '../../store/joined.ts';
import { commit, type Slice, stopIfOver } from '../slice.ts';
import type { JoinList } from './join-list.ts';
import { digestsOf, type SeenIds } from './seen-ids.ts';

/** Rows looked through at a time; what they say is not read. */
const scanSize = 2_000;
/** Rows a commit. */
const chunkSize = 500;

/** Forgets what a list said before and does not say any more, once it is proven to be whole. After a crash it looks again from the start. */
export async function forgetUnsaid(slice: Slice, { scope }: JoinList, said: SeenIds): Promise<void> {
  let after: JoinedKey | null = null;
  for (;;) {
    stopIfOver(slice);
    const rows: readonly JoinedKey[] = await scanJoined(slice.worker.store, scope, after, scanSize);
    const isSaid = said.holds(digestsOf(rows.map(pairText)));
    const isUnreadable = said.holds(digestsOf(rows.map(idText)));
    const unsaid = rows.filter((_row, index) => !isSaid[index] && !isUnreadable[index]);
    for (let from = 0; from < unsaid.length; from += chunkSize) {
      stopIfOver(slice);
      const chunk = unsaid.slice(from, from + chunkSize);
      await commit(slice, (transaction) => deleteJoined(transaction, scope, chunk));
    }
    after = rows.at(-1) ?? null;
    if (rows.length < scanSize) return;
  }
}

/** By what a run remembers that something was said. */
export function pairText({ key, id }: JoinedKey): string {
  return JSON.stringify([key, id]);
}

/** And that a record came that cannot be read: of which key it is nobody knows. */
export function idText({ id }: Pick<JoinedKey, 'id'>): string {
  return JSON.stringify([id]);
}
