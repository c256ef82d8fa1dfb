import { present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { Id, Moment, optional, Text, word } from './lenient.ts';

/** The members that nearly every object of Edlink's has. */
export const envelope = {
  id: Id,
  updated_date: optional(Moment),
  properties: optional(z.record(z.string(), z.json())),
  identifiers: optional(z.array(z.object({ type: Text, value: optional(Text) }))),
};

const states = ['active', 'upcoming', 'pending', 'completed', 'inactive', 'archived', 'dropped', 'template'];

/** Of sessions, classes and enrollments. */
export const State = optional(word(Object.fromEntries(states.map((state) => [state, state]))));

/** What is over or yet to come is still there, as in OneRoster. */
const notActive: ReadonlySet<string | undefined> = new Set(['inactive', 'archived', 'dropped', 'template']);

type Extension = Record<string, z.core.util.JSONType>;

interface Envelope {
  readonly id: string;
  readonly updated_date?: string | undefined;
  readonly properties?: Extension | undefined;
  readonly state?: string | undefined;
}

/** Pure. The one reading of a record; `further` is what people may look for, under Edlink's own names. */
export function toReading<M extends object>(
  { id, state, updated_date: dateLastModified, properties = {} }: Envelope,
  members: M,
  further: Readonly<Record<string, string | undefined>> = {},
) {
  const metadata: Extension = {
    ...present({ ...further, state: state === 'active' ? undefined : state }),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
  };
  const common = present({
    status: notActive.has(state) ? ('inactive' as const) : ('active' as const),
    dateLastModified,
    metadata: Object.keys(metadata).length === 0 ? undefined : metadata,
  });
  return [{ id, value: { ...common, ...members } }];
}

type Identifiers = z.output<typeof envelope.identifiers>;

/** The first of these kinds of identifier that the record has. */
export function identifierOf(identifiers: Identifiers, ...types: readonly string[]): string | undefined {
  const known = new Map(identifiers?.map(({ type, value }) => [type, value]));
  return types.map((type) => known.get(type)).find((value) => value !== undefined);
}

/** What OneRoster's examples call them; all others under Edlink's own names. */
const idTypes: Readonly<Record<string, string>> = { sis_id: 'SIS', state_id: 'State' };

/** All but those that have a member of their own. */
export function identifiersOf(identifiers: Identifiers = []) {
  const told = identifiers.flatMap(({ type, value: identifier }) =>
    identifier === undefined || type === 'username' || type === 'email'
      ? []
      : [{ type: idTypes[type] ?? type, identifier }],
  );
  return told.length === 0 ? undefined : told;
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
