import { DateTime, Id, optional, Text } from '@flotilla/substrate/lenient';
import { at, recordShape } from '@flotilla/substrate/vendor';
import { z } from 'zod';

/** A word of a vocabulary in any case (`Scheduled`), or an `ext:` word, which OneRoster 1.2 allows anywhere. */
export function word<const W extends string>(...words: readonly W[]) {
  const byLowerCase = new Map(words.map((each) => [each.toLowerCase(), each]));
  return Text.transform((text, context): W | `ext:${string}` => {
    const trimmed = text.trim();
    const known = byLowerCase.get(trimmed.toLowerCase());
    if (known !== undefined) return known;
    if (/^ext:./.test(trimmed)) return trimmed as `ext:${string}`;
    context.addIssue({ code: 'custom', message: `"${text}" is not one of ${words.join(', ')} or ext:...` });
    return z.NEVER;
  });
}

/** `{href, sourcedId, type}`: only the id counts. The types that providers write vary (1.1 examples use student, teacher, term). */
export const Reference = z.object({ sourcedId: Id }).transform(({ sourcedId }) => sourcedId);

/**
 * The members of every OneRoster object. `tobedeleted` is 1.2's only other status than `active`; 1.1 data has `inactive` as well. A
 * missing status, usual in rows exported from bulk CSV, means active. Of an object that is marked `tobedeleted` only the id must read: providers
 * clear the other members, or leave them out.
 */
export const shape = recordShape({
  id: at('sourcedId', Id),
  isDeleted: ({ status }) => typeof status === 'string' && status.trim().toLowerCase() === 'tobedeleted',
  status: optional(word('active', 'inactive')).transform((status) =>
    status === 'inactive' ? 'inactive' : 'active',
  ),
  dateLastModified: optional(DateTime),
  // Providers written in PHP send an empty object as an empty list.
  metadata: z.preprocess(
    (value) => (Array.isArray(value) && value.length === 0 ? undefined : value),
    optional(z.record(z.string(), z.json())),
  ),
});
