import { optional, Text } from '@flotilla/substrate/lenient';
import { always, at } from '@flotilla/substrate/vendor';
import { GradeLevels, Name, Word } from '../wire/lenient.ts';
import { defineResource, IdOf } from '../wire/resources.ts';

const Status = Word.transform((word) =>
  /^(closed|inactive)$/i.test(word) ? ('inactive' as const) : ('active' as const),
);
const common = {
  name: at('nameOfInstitution', Name),
  status: at('operationalStatusDescriptor', optional(Status)),
};
const Agency = optional(IdOf('localEducationAgencies'));

/** Education organizations of all kinds share their numbers, so the number alone is the id. */
export const orgs = defineResource('org', {
  schools: {
    ...common,
    type: always('school'),
    identifier: at('schoolId', Text),
    grades: at('gradeLevels', GradeLevels),
    parentSourcedId: at('localEducationAgencyReference', Agency),
  },
  localEducationAgencies: {
    ...common,
    type: always('district'),
    identifier: at('localEducationAgencyId', Text),
    parentSourcedId: at('parentLocalEducationAgencyReference', Agency),
  },
});
