import { DateOnly, listOf, optional, wordAs } from '@flotilla/substrate/lenient';
import { at, defineEntity, raceMembers, shapeWhere } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { readPersons } from '../representation.ts';
import { shape } from '../wire/record.ts';

/** The institution's own words are GUIDs; what it reports to the state is said plainly. */
function reported<S extends z.ZodType>(member: string, category: S) {
  const Country = z.object({ [member]: optional(category) });
  return z
    .object({ reporting: optional(z.array(z.object({ country: optional(Country) }))) })
    .transform(({ reporting = [] }) => reporting.flatMap(({ country }) => country?.[member] ?? []));
}

const Race = wordAs({
  americanIndianOrAlaskaNative: 'American Indian',
  asian: 'Asian',
  blackOrAfricanAmerican: 'Black',
  hawaiianOrPacificIslander: 'Pacific Islander',
  white: 'White',
});
const Races = listOf(reported('racialCategory', Race)).transform((reports = []) => {
  const races = new Set(reports.flat());
  // Races that are reported to nobody are not known here.
  return races.size === 0 ? undefined : [...races];
});

const Ethnicity = reported('ethnicCategory', wordAs({ hispanic: true, nonHispanic: false }));
const IsHispanic = optional(Ethnicity).transform((said) => said?.[0]);
const Sex = wordAs({ male: 'male', female: 'female', unknown: 'unspecified', nonBinary: 'other' });

const told = shape('demographics', {
  birthDate: at('dateOfBirth', optional(DateOnly)),
  sex: at('gender', optional(Sex)),
  ...raceMembers('races', Races),
  hispanicOrLatinoEthnicity: at('ethnicity', IsHispanic),
});
/** Read from persons; whoever says none of this has no demographics. */
export const demographics = defineEntity({
  ...shapeWhere(told, 'dateOfBirth', 'gender', 'races', 'ethnicity'),
  from: 'user',
  ...readPersons,
});
