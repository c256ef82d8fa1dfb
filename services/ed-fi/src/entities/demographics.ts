import { optional } from '@flotilla/substrate/lenient';
import { at, raceMembers } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { queryOfStudents } from '../connection.ts';
import { namesIn, vocabulary } from '../wire/lenient.ts';
import { defineResource } from '../wire/resource.ts';

const Sex = vocabulary({
  female: /^female$/i,
  male: /^male$/i,
  unspecified: /^not[- ]selected$/i,
  other: /^(non-?binary|other|x)$/i,
});
const members = {
  sex: at('sexDescriptor', optional(Sex)),
  ...raceMembers('races', namesIn('raceDescriptor')),
  hispanicOrLatinoEthnicity: at('hispanicLatinoEthnicity', optional(z.boolean())),
};

export const demographics = defineResource(
  'demographics',
  { studentEducationOrganizationAssociations: members },
  { query: queryOfStudents },
);
