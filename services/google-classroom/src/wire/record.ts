import { DateTime, optional } from '@flotilla/substrate/lenient';
import { at, joined, recordShape } from '@flotilla/substrate/vendor';

/**
 * Makes entities of tables. Google's ids of course work are unique in their course, those of submissions in their course work: canonical ids
 * are joined of these members.
 */
export function shapeOf(...idMembers: readonly string[]) {
  return recordShape({
    id: joined(...idMembers),
    // Of course work. A draft is nobody's yet, and nobody's any more what is deleted: both are read as not there.
    isDeleted: ({ state }) => state === 'DELETED' || state === 'DRAFT',
    dateLastModified: at('updateTime', optional(DateTime)),
  });
}
