import { DateTime, Id } from '@flotilla/substrate/lenient';
import { at, recordShape } from '@flotilla/substrate/vendor';

/** What all of the vendor's records have. */
export const shape = recordShape({ id: Id, dateLastModified: at('updatedAt', DateTime) });
