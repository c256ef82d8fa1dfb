import {
  DateTime,
  Flag,
  Id,
  isAbsent,
  listOf,
  optional,
  Text,
  word,
  wordAs,
} from '@flotilla/substrate/lenient';
import { at, defineEntity, raceMembers, recordShape, shapeAmong } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { rostering } from '../paths.ts';
import { Day } from '../wire/record.ts';
import { users } from './users.ts';

const Race = word(
  'american-indian-or-alaska-native',
  'asian',
  'black-or-african-american',
  'native-hawaiian-or-other-pacific-islander',
  'white',
);
const Gender = wordAs({ male: 'male', female: 'female', other: 'other' });

const members = {
  birthDate: at('demographics.birthday', optional(Day)),
  sex: at('demographics.gender', optional(Gender)),
  // Where races are told, those that are not among them are told too.
  ...raceMembers('demographics.races', listOf(Race)),
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
