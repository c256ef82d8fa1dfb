import { isJsonObject } from '@flotilla/substrate/json/json-value';
import { DateOnly, listOf, optional, word, wordAs } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { readPersons } from '../representation.ts';
import { commonOf, envelope, idOf } from '../wire/record.ts';

const Sex = wordAs({ male: 'male', female: 'female', unknown: 'unspecified', nonBinary: 'other' });
const races = [
  'americanIndianOrAlaskaNative',
  'asian',
  'blackOrAfricanAmerican',
  'hawaiianOrPacificIslander',
  'white',
] as const;

/** The institution's own words are GUIDs; what it reports to the state is said plainly. */
function reported<S extends z.ZodType>(member: string, category: S) {
  const Country = z.object({ [member]: optional(category) });
  const Reporting = z.array(z.object({ country: optional(Country) }));
  return z.object({ reporting: optional(Reporting) }).transform(({ reporting = [] }) =>
    reporting.flatMap(({ country }) => {
      const found = country?.[member] as z.output<S> | undefined;
      return found === undefined ? [] : [found];
    }),
  );
}

/** Read from persons; whoever says none of this has no demographics. */
export const demographics = defineEntity({
  entityType: 'demographics',
  from: 'user',
  ...readPersons,
  wire: z.object({
    ...envelope,
    dateOfBirth: optional(DateOnly),
    gender: optional(Sex),
    races: listOf(reported('racialCategory', word(...races))),
    ethnicity: optional(reported('ethnicCategory', word('hispanic', 'nonHispanic'))),
  }),
  idOf: (record) => (saysAny(record) ? idOf(record) : undefined),
  read: (person) => {
    if (!saysAny(person)) return [];
    // Races that are reported to nobody are not known here.
    const reports = person.races?.flat() ?? [];
    const held = reports.length === 0 ? undefined : new Set(reports);
    const is = (race: (typeof races)[number]) => held?.has(race);
    const ethnicity = person.ethnicity?.[0];
    const value = present({
      ...commonOf(person),
      birthDate: person.dateOfBirth,
      sex: person.gender,
      americanIndianOrAlaskaNative: is('americanIndianOrAlaskaNative'),
      asian: is('asian'),
      blackOrAfricanAmerican: is('blackOrAfricanAmerican'),
      nativeHawaiianOrOtherPacificIslander: is('hawaiianOrPacificIslander'),
      white: is('white'),
      demographicRaceTwoOrMoreRaces: held === undefined ? undefined : held.size > 1,
      hispanicOrLatinoEthnicity: ethnicity === undefined ? undefined : ethnicity === 'hispanic',
    });
    return [{ id: person.id, value }];
  },
});

function saysAny(record: unknown): boolean {
  if (!isJsonObject(record)) return false;
  const { dateOfBirth, gender, races: held, ethnicity } = record as Record<string, unknown>;
  return [dateOfBirth, gender, held, ethnicity].some((member) => member !== undefined && member !== null);
}
