import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { rostering } from '../paths.ts';
import { envelope, readEnveloped, sourcedIdOf } from '../wire/envelope.ts';
import { DateOnly, optional, Text, Truth, word } from '../wire/lenient.ts';

export const demographics = defineEntity({
  entityType: 'demographics',
  collection: rostering('demographics'),
  wire: z.object({
    ...envelope,
    birthDate: optional(DateOnly),
    sex: optional(word(['male', 'female', 'unspecified', 'other'])),
    americanIndianOrAlaskaNative: optional(Truth),
    asian: optional(Truth),
    blackOrAfricanAmerican: optional(Truth),
    nativeHawaiianOrOtherPacificIslander: optional(Truth),
    white: optional(Truth),
    demographicRaceTwoOrMoreRaces: optional(Truth),
    hispanicOrLatinoEthnicity: optional(Truth),
    countryOfBirthCode: optional(Text),
    stateOfBirthAbbreviation: optional(Text),
    cityOfBirth: optional(Text),
    publicSchoolResidenceStatus: optional(Text),
  }),
  idOf: sourcedIdOf,
  read: ({ sourcedId, status, dateLastModified, metadata, ...members }) =>
    readEnveloped({ sourcedId, status, dateLastModified, metadata }, present(members)),
});
