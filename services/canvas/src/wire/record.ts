import { DateTime, Id, optional } from '@flotilla/substrate/lenient';
import { at, recordShape } from '@flotilla/substrate/vendor';

/**
 * Makes entities of tables. Canvas shows a section below its course, an assignment below its course and a submission below its section and
 * assignment: canonical ids are joined of these. Canvas' own have no dots.
 */
export function shapeOf(id: Parameters<typeof recordShape>[0]['id'] = Id) {
  return recordShape({
    id,
    isDeleted: ({ enrollment_state }) => enrollment_state === 'deleted',
    dateLastModified: at('updated_at', optional(DateTime)),
  });
}
