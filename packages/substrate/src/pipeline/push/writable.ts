import type { Action } from '../../settings/safety-limits.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { MergedRecord } from '../plan/merge-staged.ts';

/** Pure. Whether the merge has something for the vendor that the vendor takes. */
export function isWritable({ write }: Entity, { merge }: MergedRecord): boolean {
  if (write === undefined || merge.isHeld) return false;
  return merge.toTheirs.some(({ action, pointer }) => {
    // A created or deleted record is one line; a vendor that takes neither says so in the outcome.
    if (action !== 'update') return true;
    return write.members.some((member) => pointer === `/${member}` || pointer.startsWith(`/${member}/`));
  });
}

/** Pure. What is to be done at the vendor. Only for what `isWritable`. */
export function writtenAction({ merge }: MergedRecord): Action {
  return merge.toTheirs[0]?.action ?? 'update';
}
