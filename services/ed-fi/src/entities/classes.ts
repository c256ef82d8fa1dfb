import { Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { at, namesIn } from '@flotilla/substrate/vendor';
import { GradeLevels } from '../wire/lenient.ts';
import { defineResource, IdOf, to } from '../wire/resources.ts';

export const Periods = namesIn('classPeriodReference.classPeriodName');
const Terms = IdOf('sessions').transform((id) => [id]);

export const classes = defineResource('class', {
  sections: {
    title: at('sectionName|sectionIdentifier', Text),
    classCode: at('sectionIdentifier', Text),
    location: at('locationReference.classroomIdentificationCode', optional(Text)),
    credits: at('availableCredits', optional(Numeric)),
    grades: at('offeredGradeLevels', GradeLevels),
    periods: at('classPeriods', Periods),
    courseSourcedId: to('courseOfferingReference', 'courseOfferings'),
    schoolSourcedId: to('courseOfferingReference', 'schools'),
    termSourcedIds: at('courseOfferingReference', Terms),
  },
});
