import { createHash } from 'node:crypto';

/** Pure. An integer, as all of Canvas' ids are, that follows from the district's own ids; kept as its digits. */
export function canvasId(kind: string, ...parts: readonly string[]): string {
  const hash = createHash('sha256')
    .update([kind, ...parts].join(' '))
    .digest();
  return String(hash.readUIntBE(0, 6));
}

/** The root account, which `self` stands for in paths. */
export const rootAccountId = '1';

/** Whose token it is: comments and grades are theirs. */
export const adminUserId = '1';

/** Pure. Integers in their own order, though they are texts. */
export function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
