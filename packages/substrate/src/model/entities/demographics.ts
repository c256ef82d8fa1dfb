import { z } from 'zod';
import { CalendarDate, commonMembers, vocabulary } from '../vocabulary.ts';

/** Pure. A user's demographics, under that user's id (OneRoster 1.2 `Demographics`). */
export const Demographics = z.strictObject({
  ...commonMembers,
  birthDate: CalendarDate.optional(),
  sex: vocabulary(['male', 'female', 'unspecified', 'other']).optional(),
  americanIndianOrAlaskaNative: z.boolean().optional(),
  asian: z.boolean().optional(),
  blackOrAfricanAmerican: z.boolean().optional(),
  nativeHawaiianOrOtherPacificIslander: z.boolean().optional(),
  white: z.boolean().optional(),
  demographicRaceTwoOrMoreRaces: z.boolean().optional(),
  hispanicOrLatinoEthnicity: z.boolean().optional(),
  countryOfBirthCode: z.string().optional(),
  stateOfBirthAbbreviation: z.string().optional(),
  cityOfBirth: z.string().optional(),
  publicSchoolResidenceStatus: z.string().optional(),
});
export type Demographics = z.infer<typeof Demographics>;
