import { optional, wordAs } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { oneOf } from '../paths.ts';
import { DayOfBirth } from '../wire/lenient.ts';
import { commonOf, head } from '../wire/record.ts';
import { users } from './users.ts';

const none = {
  white: false,
  asian: false,
  blackOrAfricanAmerican: false,
  americanIndianOrAlaskaNative: false,
  nativeHawaiianOrOtherPacificIslander: false,
  demographicRaceTwoOrMoreRaces: false,
};

/** One word a student. Since there is one for several races, each of the others says that it is the only one; which several, nobody says. */
const Race = wordAs({
  Caucasian: { ...none, white: true },
  Asian: { ...none, asian: true },
  'Black or African American': { ...none, blackOrAfricanAmerican: true },
  'American Indian': { ...none, americanIndianOrAlaskaNative: true },
  'Hawaiian or Other Pacific Islander': { ...none, nativeHawaiianOrOtherPacificIslander: true },
  'Two or More Races': { demographicRaceTwoOrMoreRaces: true },
  Unknown: {},
});

const Said = z.object({
  dob: optional(DayOfBirth),
  gender: optional(wordAs({ M: 'male', F: 'female', X: 'other' })),
  race: optional(Race),
  hispanic_ethnicity: optional(wordAs({ Y: true, N: false })),
});

/** Whoever is one has demographics, however badly they are said. */
const Student = z.object({ ...head, roles: z.object({ student: z.object() }) });

/** A student's, out of the student's own record. */
export const demographics = defineEntity({
  entityType: 'demographics',
  from: 'user',
  collection: users.collection,
  one: oneOf('users'),
  wire: z.object({ ...head, roles: z.object({ student: optional(Said) }) }),
  idOf: (record) => Student.safeParse(record).data?.id,
  read: ({ roles: { student = {} }, ...user }) => {
    const { dob: birthDate, gender: sex, race, hispanic_ethnicity: hispanicOrLatinoEthnicity } = student;
    const value = { ...race, ...present({ birthDate, sex, hispanicOrLatinoEthnicity }) };
    return Object.keys(value).length === 0 ? [] : [{ id: user.id, value: { ...commonOf(user), ...value } }];
  },
});
