import { DateTime, Id, optional, Text, word } from '@flotilla/substrate/lenient';
import { present } from '@flotilla/substrate/vendor';
import { z } from 'zod';

/** Of sessions, classes and enrollments. */
export const State = optional(
  word('active', 'upcoming', 'pending', 'completed', 'inactive', 'archived', 'dropped', 'template'),
);

/** A calendar day, which Edlink writes as a moment: the day in UTC, the zone of all its dates. */
export const Day = DateTime.transform((moment) => new Date(moment).toISOString().slice(0, 10));

/** What is over or yet to come is still there, as in OneRoster. */
const notActive: ReadonlySet<unknown> = new Set(['inactive', 'archived', 'dropped', 'template']);
/** Not worth a note. */
const usual: ReadonlySet<unknown> = new Set(['active', 'open', 'points']);

const Extension = z.record(z.string(), z.json());
type Extension = z.output<typeof Extension>;

const Envelope = z.object({
  id: Id,
  updated_date: optional(DateTime),
  properties: optional(Extension),
});

/** Canonical members, each with Edlink's name for it and what may stand there. */
type Members = Readonly<Record<string, readonly [name: string, schema: z.ZodType]>>;
type Values<M extends Members> = { readonly [K in keyof M]: z.output<M[K][1]> };
type Shape = Readonly<Record<string, z.ZodType>>;

interface Described<M extends Members, N extends Shape> {
  readonly members: M;
  /** What else the reading goes by, under Edlink's names. */
  readonly needed?: N;
  /** What people may look for: it goes into `metadata` under Edlink's names. */
  readonly noted?: Shape;
}

/** The schema of one of Edlink's records, which reads it to the members that the canonical one has of it. */
export function recordOf<M extends Members, N extends Shape = Record<never, never>>({
  members,
  needed,
  noted = {},
}: Described<M, N>) {
  const named = Object.entries(members);
  const shape = Object.fromEntries(named.map(([, nameAndSchema]) => nameAndSchema));
  return z.object({ ...needed, ...noted, ...shape, ...Envelope.shape }).transform((record) => {
    const held: Readonly<Record<string, unknown>> = record;
    const notes = Object.keys(noted).map((name) => [name, usual.has(held[name]) ? undefined : held[name]]);
    const { id, properties = {}, updated_date: dateLastModified } = record as z.output<typeof Envelope>;
    const metadata: Extension = present({
      ...(Object.fromEntries(notes) as Readonly<Record<string, string>>),
      properties: Object.keys(properties).length === 0 ? undefined : properties,
    });
    const values = Object.fromEntries(named.map(([member, [name]]) => [member, held[name]]));
    return {
      id,
      needed: held as { readonly [K in keyof N]: z.output<N[K]> },
      value: {
        status: 'state' in noted && notActive.has(held.state) ? ('inactive' as const) : ('active' as const),
        ...present({
          dateLastModified,
          metadata: Object.keys(metadata).length === 0 ? undefined : metadata,
        }),
        // An object made of a table is not known to have the table's members.
        ...present(values as Values<M>),
      },
    };
  });
}

/** What other systems call a record, by Edlink's name of each kind. */
export const Identifiers = optional(z.array(z.object({ type: Text, value: optional(Text) }))).transform(
  (list = []) => {
    const told = list.map(({ type, value = '' }) => [type, value] as const);
    return new Map(told.filter(([, value]) => value !== ''));
  },
);

/** What OneRoster's examples call them; all others under Edlink's own names. */
const idTypes: Readonly<Record<string, string>> = { sis_id: 'SIS', state_id: 'State' };
const ownMembers: readonly string[] = ['username', 'email'];

/** All but those that have a member of their own. */
export function identifiersOf(identifiers: ReadonlyMap<string, string>) {
  const told = [...identifiers].filter(([type]) => !ownMembers.includes(type));
  if (told.length === 0) return undefined;
  return told.map(([type, identifier]) => ({ type: idTypes[type] ?? type, identifier }));
}

const Identified = z.object({ id: Id });

/** The id of a record that could not be read. */
export function idOf(record: unknown): string | undefined {
  return Identified.safeParse(record).data?.id;
}

/** Where a list holds others as well: of those nothing is read, and so nothing can be wrong with them. */
export function among<S extends z.ZodType>(isOne: (record: unknown) => boolean, schema: S) {
  return {
    wire: z.preprocess((record) => (isOne(record) ? record : undefined), schema.optional()),
    idOf: (record: unknown) => (isOne(record) ? idOf(record) : undefined),
  };
}
