import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { oneOf, rostering } from '../paths.ts';
import { envelope, enveloped, readEnveloped, sourcedIdOf } from '../wire/envelope.ts';
import { DateOnly, optional, Text, Truth, word } from '../wire/lenient.ts';

export const demographics = defineEntity({
  entityType: 'demographics',
  collection: rostering('demographics'),
  one: oneOf(rostering('demographics'), 'demographics'),
  wire: enveloped(
    z.object({
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
  ),
  idOf: sourcedIdOf,
  read: readEnveloped((person) =>
    present({
      birthDate: person.birthDate,
      sex: person.sex,
      americanIndianOrAlaskaNative: person.americanIndianOrAlaskaNative,
      asian: person.asian,
      blackOrAfricanAmerican: person.blackOrAfricanAmerican,
      nativeHawaiianOrOtherPacificIslander: person.nativeHawaiianOrOtherPacificIslander,
      white: person.white,
      demographicRaceTwoOrMoreRaces: person.demographicRaceTwoOrMoreRaces,
      hispanicOrLatinoEthnicity: person.hispanicOrLatinoEthnicity,
      countryOfBirthCode: person.countryOfBirthCode,
      stateOfBirthAbbreviation: person.stateOfBirthAbbreviation,
      cityOfBirth: person.cityOfBirth,
      publicSchoolResidenceStatus: person.publicSchoolResidenceStatus,
    }),
  ),
});
