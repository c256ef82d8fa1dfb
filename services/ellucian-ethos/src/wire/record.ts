import { DateTime, Id, listOf, maybe, Numeric, optional, Trimmed, word } from '@flotilla/substrate/lenient';
import { at, recordShape, theOnly } from '@flotilla/substrate/vendor';
import { z } from 'zod';

/** GUIDs are in lower case, and mean the same in any. */
export const Guid = Id.transform((id) => id.toLowerCase());

/**
 * For a table: where a reference has its id, the first of these that is there. `{"id": guid}`; in a maximum representation
 * `{"detail": {"id": guid}, "title": ...}`. That there is none, ERPs also say by an empty object.
 */
export function idOf(...members: readonly string[]): string {
  return members.map((name) => `${name}.id|${name}.detail.id`).join('|');
}

/** What the model has no place for: a GUID of a list of its own, for the metadata. */
export const Reference = z.object({ id: Guid }).transform(({ id }) => id);
export const Known = maybe(Reference);

/** What all records have. Their metadata is "informational only": what of it is strange says nothing of the record. */
export const common = {
  id: at('id', Guid),
  dateLastModified: at('metadata.modifiedOn', optional(DateTime).catch(undefined)),
};
export const shape = recordShape(common);

const Titles = z.array(z.object({ value: Trimmed })).min(1);
const Longest = Titles.transform(
  (all) => all.reduce((a, b) => (b.value.length > a.value.length ? b : a)).value,
);

/**
 * The longest of `titles`, whose types are known by their GUIDs only: a short title is a shortened one. In maximum representations there is
 * one `title`.
 */
export const title = at('titles|title', z.union([Trimmed, Longest]));

const Measured = z.object({ measure: word('credit', 'ceu', 'hours'), minimum: optional(Numeric) });

/** What can be earned for certain. Undefined where it is measured in several ways, or not in credits. */
export const Credits = listOf(Measured).transform(
  (credits) => theOnly(credits?.filter(({ measure }) => measure === 'credit'))?.minimum,
);

/** The one that is marked as primary or preferred, else the only one; undefined where it is not said which counts. */
export function preferredOf<T extends { readonly preference?: unknown }>(list?: readonly T[]): T | undefined {
  return theOnly(
    list?.filter(({ preference }) => preference !== undefined),
    list,
  );
}
