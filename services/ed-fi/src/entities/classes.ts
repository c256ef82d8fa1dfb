import { Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { at } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { IdOf, to } from '../wire/keys.ts';
import { GradeLevels, namesIn } from '../wire/lenient.ts';
import { defineResource } from '../wire/resource.ts';

const Period = z.object({ classPeriodName: Text }).transform((period) => period.classPeriodName);
export const Periods = namesIn('classPeriodReference', Period);
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
