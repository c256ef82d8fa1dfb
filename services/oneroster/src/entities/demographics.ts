import { DateOnly, Flag, mayHave, optional, Text } from '@flotilla/substrate/lenient';
import { defineEntity } from '@flotilla/substrate/vendor';
import { oneOf, rostering } from '../paths.ts';
import { shape, word } from '../wire/record.ts';

export const demographics = defineEntity({
  ...shape('demographics', {
    birthDate: optional(DateOnly),
    sex: optional(word('male', 'female', 'unspecified', 'other')),
    ...mayHave(
      Flag,
      'americanIndianOrAlaskaNative',
      'asian',
      'blackOrAfricanAmerican',
      'nativeHawaiianOrOtherPacificIslander',
      'white',
      'demographicRaceTwoOrMoreRaces',
      'hispanicOrLatinoEthnicity',
    ),
    ...mayHave(
      Text,
      'countryOfBirthCode',
      'stateOfBirthAbbreviation',
      'cityOfBirth',
      'publicSchoolResidenceStatus',
    ),
  }),
  collection: rostering('demographics'),
  one: oneOf(rostering('demographics'), 'demographics'),
});
