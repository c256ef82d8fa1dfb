import { z } from 'zod';
import { Id, Metadata, optional, Reference, Text } from './lenient.ts';

/** What every record has; `resource` says of which list it is, where an entity type has several. */
export const envelope = { id: Id, metadata: Metadata };

const Identified = z.object({ id: Id });

/** The id of a record that could not be read. */
export function idOf(record: unknown): string | undefined {
  return Identified.safeParse(record).data?.id;
}

/** What every canonical record has. */
export function commonOf({ metadata }: { readonly metadata?: z.output<typeof Metadata> }) {
  const modifiedOn = metadata?.modifiedOn;
  return { status: 'active' as const, ...(modifiedOn === undefined ? {} : { dateLastModified: modifiedOn }) };
}

/** `titles`, of types that are known by their GUIDs only: short, long. In older and maximum representations there is one `title`. */
export const titled = {
  titles: optional(z.array(z.object({ type: optional(Reference), value: Text })).min(1)),
  title: optional(Text),
};

/** The longest: a short title is a shortened one. */
export function titleOf({ titles, title }: z.output<z.ZodObject<typeof titled>>): string {
  const values = titles?.map(({ value }) => value) ?? [];
  return title ?? values.reduce((longest, value) => (value.length > longest.length ? value : longest), '');
}

/** Every record of this kind has a title, in one of the two forms. */
export function hasTitle({ titles, title }: z.output<z.ZodObject<typeof titled>>): boolean {
  return titles !== undefined || title !== undefined;
}

export const needsTitle = { path: ['titles'], message: 'a record of this kind needs titles or a title' };
