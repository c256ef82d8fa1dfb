import { DateTime, Id, optional, Text, word } from '@flotilla/substrate/lenient';
import { at, metadataOf, recordShape } from '@flotilla/substrate/vendor';
import { z } from 'zod';

/** Of sessions, classes and enrollments; the usual one is not worth a note. */
export const State = optional(
  word('active', 'upcoming', 'pending', 'completed', 'inactive', 'archived', 'dropped', 'template'),
).transform((state) => (state === 'active' ? undefined : state));

/** What is over or yet to come is still there, as in OneRoster. */
const notActive: readonly unknown[] = ['inactive', 'archived', 'dropped', 'template'];
/** What else the source says. */
const Properties = optional(z.record(z.string(), z.json())).transform((said = {}) =>
  Object.keys(said).length === 0 ? undefined : said,
);

/**
 * Makes entities of tables of members. `noted` is what people may look for, under Edlink's names. `id`: where it is not the record's own, but
 * the path to it.
 */
export function shapeOf(
  noted: Readonly<Record<string, z.ZodType<string | undefined>>> = {},
  id: Parameters<typeof recordShape>[0]['id'] = Id,
) {
  return recordShape({
    id,
    status: at(
      'state',
      optional(z.unknown()).transform((state) =>
        notActive.includes(state) ? ('inactive' as const) : ('active' as const),
      ),
    ),
    dateLastModified: at('updated_date', optional(DateTime)),
    metadata: metadataOf({ ...noted, properties: Properties }),
  });
}

/** A calendar day, which Edlink writes as a moment: the day in UTC, the zone of all its dates. */
export const Day = DateTime.transform((moment) => new Date(moment).toISOString().slice(0, 10));

/** What other systems call a record, by Edlink's name of each kind. */
const Identifiers = optional(z.array(z.object({ type: Text, value: optional(Text) }))).transform(
  (list = []) => {
    const told = list.map(({ type, value = '' }) => [type, value] as const);
    return new Map(told.filter(([, value]) => value !== ''));
  },
);

/** The first of these kinds that the record has. */
export function identifierOf(...types: readonly string[]) {
  const read = Identifiers.transform((known) => types.map((type) => known.get(type)).find(Boolean));
  return at('identifiers', read);
}

/** What OneRoster's examples call them; all others under Edlink's own names. */
const idTypes: Readonly<Record<string, string>> = { sis_id: 'SIS', state_id: 'State' };
const ownMembers: readonly string[] = ['username', 'email'];

/** All but those that have a member of their own. */
export const allIdentifiers = at(
  'identifiers',
  Identifiers.transform((known) => {
    const told = [...known].filter(([type]) => !ownMembers.includes(type));
    if (told.length === 0) return undefined;
    return told.map(([type, identifier]) => ({ type: idTypes[type] ?? type, identifier }));
  }),
);

/** The school, else the district. */
export const owner = at(
  '',
  z
    .object({ school_id: optional(Id), district_id: optional(Id) })
    .transform(({ school_id, district_id }) => school_id ?? district_id),
);
