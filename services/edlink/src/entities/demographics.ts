import { DateTime, Flag, Id, isAbsent, listOf, optional, Text, wordAs } from '@flotilla/substrate/lenient';
import { at, defineEntity, recordShape, shapeAmong } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { rostering } from '../paths.ts';
import { Day } from '../wire/record.ts';
import { users } from './users.ts';

const Race = wordAs({
  'american-indian-or-alaska-native': 'native',
  asian: 'asian',
  'black-or-african-american': 'black',
  'native-hawaiian-or-other-pacific-islander': 'islander',
  white: 'white',
});
const Races = listOf(Race);

/** Where races are told, those that are not among them are told too. */
function race(one: z.output<typeof Race>) {
  return at(
    'demographics.races',
    Races.transform((told) => told?.includes(one)),
  );
}

const Gender = wordAs({ male: 'male', female: 'female', other: 'other' });

const members = {
  birthDate: at('demographics.birthday', optional(Day)),
  sex: at('demographics.gender', optional(Gender)),
  americanIndianOrAlaskaNative: race('native'),
  asian: race('asian'),
  blackOrAfricanAmerican: race('black'),
  nativeHawaiianOrOtherPacificIslander: race('islander'),
  white: race('white'),
  demographicRaceTwoOrMoreRaces: at(
    'demographics.races',
    Races.transform((told) => told && told.length > 1),
  ),
  hispanicOrLatinoEthnicity: at('demographics.hispanic_or_latino_ethnicity', optional(Flag)),
  countryOfBirthCode: at('demographics.country_of_birth', optional(Text)),
  stateOfBirthAbbreviation: at('demographics.state_of_birth', optional(Text)),
  cityOfBirth: at('demographics.city_of_birth', optional(Text)),
  publicSchoolResidenceStatus: at('demographics.residence_status', optional(Text)),
};

const shape = recordShape({ id: Id, dateLastModified: at('updated_date', optional(DateTime)) })(
  'demographics',
  members,
);

/** They stand in the people's own records: the same list, read once more. Homelessness, disability, meals and the like are not read. */
export const demographics = defineEntity({
  ...shapeAmong('demographics', (record) => (hasTold(record) ? shape : undefined)),
  from: 'user',
  collection: users.collection,
  one: rostering('people').one,
});

const Held = z.object({ demographics: z.record(z.string(), z.unknown()) });

/** People without any have an empty object, or one full of nulls; what we do not read may stand in it as well. */
function hasTold(record: unknown): boolean {
  const { data } = Held.safeParse(record);
  if (data === undefined) return false;
  return Object.values(members).some(({ paths }) => !isAbsent(data.demographics[paths[0]?.[1] ?? '']));
}
