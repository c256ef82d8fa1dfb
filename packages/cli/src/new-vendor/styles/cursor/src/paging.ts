import { Failure } from '@flotilla/substrate/failure';
import type { JsonValue } from '@flotilla/substrate/json/json-value';
import type { Paging } from '@flotilla/substrate/vendor';
import { z } from 'zod';

const Answer = z.object({ next: z.string().nullable() });

/** `?limit=100`; where more follows, the answer says `"next": "/users?limit=100&after=..."`, which is followed as it stands. */
export const paging = { kind: 'bodyLink', nextIn, sizeParameter: 'limit', pageSize: 100 } satisfies Paging;

/** An answer without the member is none: else a vendor's fault would look like the end of the list, and records like deleted. */
function nextIn(json: JsonValue): string | null {
  const answer = Answer.safeParse(json);
  if (answer.success) return answer.data.next;
  throw new Failure('vendor_answer_invalid', 'The answer does not say whether more follows', {
    data: { expected: 'an object with a member "next", a text or null' },
  });
}
