import type { Paging } from '@flotilla/substrate/vendor';

/**
 * `?limit=100&offset=200`; the header `X-Total-Count` says how many there are in all. Where the answer's body says it: `totalIn`, a function of that,
 * in place of `totalHeader`.
 */
export const paging = {
  kind: 'offset',
  limitParameter: 'limit',
  offsetParameter: 'offset',
  pageSize: 100,
  totalHeader: 'x-total-count',
} satisfies Paging;
