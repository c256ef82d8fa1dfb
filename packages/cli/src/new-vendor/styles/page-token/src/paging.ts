import { Failure } from '@flotilla/substrate/failure';
import type { JsonValue } from '@flotilla/substrate/json/json-value';
import type { Paging } from '@flotilla/substrate/vendor';
import { z } from 'zod';

const Answer = z.object({ nextPageToken: z.string().optional() });

/** `?pageSize=100`; where more follows, the answer has a `nextPageToken`, which goes into the next request's `pageToken`. */
export const paging = {
  kind: 'token',
  tokenParameter: 'pageToken',
  tokenIn,
  sizeParameter: 'pageSize',
  pageSize: 100,
} satisfies Paging;

function tokenIn(json: JsonValue): string | undefined {
  const answer = Answer.safeParse(json);
  if (answer.success) return answer.data.nextPageToken;
  throw new Failure('vendor_answer_invalid', 'The answer does not say whether more follows', {
    data: { expected: 'an object, with a text "nextPageToken" where more follows' },
  });
}
