import { Numeric, Text } from '@flotilla/substrate/lenient';
import { z } from 'zod';
import { at, to } from '../wire/field.ts';
import { GradeLevels } from '../wire/grade-levels.ts';
import { listOf } from '../wire/lenient.ts';
import { defineResource } from '../wire/resource.ts';

const Period = z.object({ classPeriodName: Text }).transform((period) => period.classPeriodName);
export const Periods = listOf('classPeriodReference', Period);

export const classes = defineResource('class', {
  sections: {
    title: at('sectionName|sectionIdentifier', Text),
    classCode: at('sectionIdentifier', Text),
    location: at('locationReference.classroomIdentificationCode?', Text),
    credits: at('availableCredits?', Numeric),
    grades: at('offeredGradeLevels?', GradeLevels),
    periods: at('classPeriods?', Periods),
    courseSourcedId: to('courseOfferingReference', 'courseOfferings'),
    schoolSourcedId: to('courseOfferingReference', 'schools'),
    termSourcedIds: at(
      'courseOfferingReference',
      to('', 'sessions').schema.transform((id) => [id]),
    ),
  },
});
