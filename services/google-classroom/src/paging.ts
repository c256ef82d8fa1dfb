import { textAt } from '@flotilla/substrate/json/value-at';
import type { Paging } from '@flotilla/substrate/vendor';
import { isExpired } from './failures.ts';

const byToken = {
  kind: 'token',
  tokenParameter: 'pageToken',
  tokenIn: textAt('/nextPageToken'),
  isExpired,
} as const;

/** Rosters come in pages of 30 unless more is asked for, and of no more than 100. */
export const classroomPaging: Paging = { ...byToken, sizeParameter: 'pageSize', pageSize: 100 };

/** Its tokens are good for three days. */
export const directoryPaging: Paging = { ...byToken, sizeParameter: 'maxResults', pageSize: 500 };
