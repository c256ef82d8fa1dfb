import type { Paging } from '@flotilla/substrate/vendor';

/** `?limit=100`; where more follows, the answer's header says `Link: <...>; rel="next"`, which is followed as it stands. */
export const paging = { kind: 'link', sizeParameter: 'limit', pageSize: 100 } satisfies Paging;
