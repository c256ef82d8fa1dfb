import { Text } from '@flotilla/substrate/lenient';
import { at, to } from '../wire/field.ts';
import { GradeLevels } from '../wire/grade-levels.ts';
import { Word } from '../wire/lenient.ts';
import { defineResource } from '../wire/resource.ts';

const Status = Word.transform((word) =>
  /^(closed|inactive)$/i.test(word) ? ('inactive' as const) : ('active' as const),
);

/** Education organizations of all kinds share their numbers, so the number alone is the id. */
export const orgs = defineResource('org', {
  schools: {
    name: at('nameOfInstitution', Text),
    type: 'school',
    status: at('operationalStatusDescriptor?', Status),
    identifier: at('schoolId', Text),
    grades: at('gradeLevels?', GradeLevels),
    parentSourcedId: to('localEducationAgencyReference?', 'localEducationAgencies'),
  },
  localEducationAgencies: {
    name: at('nameOfInstitution', Text),
    type: 'district',
    status: at('operationalStatusDescriptor?', Status),
    identifier: at('localEducationAgencyId', Text),
    parentSourcedId: to('parentLocalEducationAgencyReference?', 'localEducationAgencies'),
  },
});
