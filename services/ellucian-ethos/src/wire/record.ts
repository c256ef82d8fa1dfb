import { isJsonObject } from '@flotilla/substrate/json/json-value';
import { DateTime, Id, listOf, Numeric, optional, Text, word } from '@flotilla/substrate/lenient';
import { at, present, recordShape } from '@flotilla/substrate/vendor';
import { z } from 'zod';

/** GUIDs are in lower case, and mean the same in any. */
export const Guid = Id.transform((id) => id.toLowerCase());

/** `{"id": guid}`; in a maximum representation `{"detail": {"id": guid}, "title": ...}`. Only the id counts. */
export const Reference = z.preprocess(
  (value) => (isJsonObject(value) ? (value.detail ?? value) : value),
  z.object({ id: Guid }).transform(({ id }) => id),
);

/** A member that may be absent, which ERPs also say by an empty object. */
export function maybe<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => {
    const isEmpty = isJsonObject(value) && Object.keys(value).length === 0;
    return isEmpty ? undefined : value;
  }, optional(schema));
}

export const Trimmed = Text.transform((text) => text.trim());

/** What all records have. Their metadata is "informational only": what of it is strange says nothing of the record. */
export const common = {
  id: at('id', Guid),
  dateLastModified: at('metadata.modifiedOn', optional(DateTime).catch(undefined)),
};
export const shape = recordShape(common);

/** The same for entities whose records are not one canonical record each. */
export const envelope = {
  id: Guid,
  metadata: z
    .object({ modifiedOn: optional(DateTime).catch(undefined) })
    .optional()
    .catch(undefined),
};

export function commonOf({ metadata }: { readonly metadata?: z.output<typeof envelope.metadata> }) {
  return present({ status: 'active' as const, dateLastModified: metadata?.modifiedOn });
}

const Identified = z.object({ id: Guid });

/** The id of a record that could not be read. */
export function idOf(record: unknown): string | undefined {
  return Identified.safeParse(record).data?.id;
}

/**
 * The longest of `titles`, whose types are known by their GUIDs only: a short title is a shortened one. In maximum representations there is
 * one `title`.
 */
export const Title = z
  .object({ titles: listOf(z.object({ value: Text })), title: optional(Text) })
  .transform(({ titles, title }, context): string => {
    const longest = titles?.map(({ value }) => value).toSorted((a, b) => b.length - a.length)[0];
    const found = title ?? longest;
    if (found !== undefined) return found.trim();
    context.addIssue({ code: 'custom', path: ['titles'], message: 'titles or a title is needed' });
    return z.NEVER;
  });

/** What can be earned for certain. Undefined where it is measured in several ways, or not in credits. */
export const Credits = listOf(
  z.object({ measure: word('credit', 'ceu', 'hours'), minimum: optional(Numeric) }),
).transform((credits = []) => {
  const amounts = credits.flatMap(({ measure, minimum }) => (measure === 'credit' ? [minimum] : []));
  return amounts.length === 1 ? amounts[0] : undefined;
});

/** The one that is marked as primary or preferred, else the only one; undefined where it is not said which counts. */
export function preferredOf<T extends { readonly preference?: string | undefined }>(
  list: readonly T[] | undefined,
): T | undefined {
  const marked = list?.filter(({ preference }) => preference !== undefined);
  return [marked, list].find((choices) => choices?.length === 1)?.[0];
}

const prefix = 'instructor-';

/** The canonical id of an instructor's assignment to a section: nothing in a GUID says that it is no registration's. */
export function instructorId(id: string): string {
  return `${prefix}${id}`;
}

/** The GUID in such an id; undefined for a registration's. */
export function instructorIn(id: string): string | undefined {
  return id.startsWith(prefix) ? id.slice(prefix.length) : undefined;
}
