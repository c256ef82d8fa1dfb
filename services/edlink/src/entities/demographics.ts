import { DateTime, Flag, Id, isAbsent, optional, Text, wordAs } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { rostering } from '../paths.ts';
import { among, Day } from '../wire/record.ts';
import { users } from './users.ts';

const races = {
  'american-indian-or-alaska-native': 'americanIndianOrAlaskaNative',
  asian: 'asian',
  'black-or-african-american': 'blackOrAfricanAmerican',
  'native-hawaiian-or-other-pacific-islander': 'nativeHawaiianOrOtherPacificIslander',
  white: 'white',
} as const;
type Race = (typeof races)[keyof typeof races];

const Told = z.object({
  birthday: optional(Day),
  gender: optional(wordAs({ male: 'male', female: 'female', other: 'other' })),
  residence_status: optional(Text),
  country_of_birth: optional(Text),
  state_of_birth: optional(Text),
  city_of_birth: optional(Text),
  hispanic_or_latino_ethnicity: optional(Flag),
  races: optional(z.array(wordAs(races))),
});

const Person = z.object({ id: Id, updated_date: optional(DateTime), demographics: Told });

/** They stand in the people's own records: the same list, read once more. Homelessness, disability, meals and the like are not read. */
export const demographics = defineEntity({
  entityType: 'demographics',
  from: 'user',
  collection: users.collection,
  one: rostering('people').one,
  ...among(hasTold, Person),
  read: (person) => {
    if (person === undefined) return [];
    const { id, updated_date: dateLastModified, demographics: told } = person;
    const members = present({
      dateLastModified,
      birthDate: told.birthday,
      sex: told.gender,
      hispanicOrLatinoEthnicity: told.hispanic_or_latino_ethnicity,
      countryOfBirthCode: told.country_of_birth,
      stateOfBirthAbbreviation: told.state_of_birth,
      cityOfBirth: told.city_of_birth,
      publicSchoolResidenceStatus: told.residence_status,
    });
    return [{ id, value: { status: 'active', ...members, ...racesOf(told) } }];
  },
});

const Held = z.object({ demographics: z.record(z.string(), z.unknown()) });

/** People without any have an empty object, or one full of nulls; what we do not read may stand in it as well. */
function hasTold(record: unknown): boolean {
  const { data } = Held.safeParse(record);
  return data !== undefined && Object.keys(Told.shape).some((name) => !isAbsent(data.demographics[name]));
}

/** Where races are told, those that are not among them are told too. */
function racesOf({ races: told = [] }: z.output<typeof Told>) {
  if (told.length === 0) return {};
  const flags = Object.values(races).map((race) => [race, told.includes(race)]);
  return {
    ...(Object.fromEntries(flags) as Readonly<Record<Race, boolean>>),
    demographicRaceTwoOrMoreRaces: told.length > 1,
  };
}
