import { optional, vocabulary } from '@flotilla/substrate/lenient';
import { at, namesIn, raceMembers } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { queryOfStudents } from '../connection.ts';
import { Word } from '../wire/lenient.ts';
import { defineResource } from '../wire/resources.ts';

const Sex = vocabulary(Word, {
  female: /^female$/i,
  male: /^male$/i,
  unspecified: /^not[- ]selected$/i,
  other: /^(non-?binary|other|x)$/i,
});
const members = {
  sex: at('sexDescriptor', optional(Sex)),
  ...raceMembers('races', namesIn('raceDescriptor', Word)),
  hispanicOrLatinoEthnicity: at('hispanicLatinoEthnicity', optional(z.boolean())),
};

export const demographics = defineResource(
  'demographics',
  { studentEducationOrganizationAssociations: members },
  { query: queryOfStudents },
);
