import { DateOnly, Text, vocabulary } from '@flotilla/substrate/lenient';
import { always, at } from '@flotilla/substrate/vendor';
import { Word } from '../wire/lenient.ts';
import { defineResource, to } from '../wire/resources.ts';

/** Any session is a term; some are called semesters, or last the whole year. */
const Term = vocabulary(Word, { semester: /semester/i, schoolYear: /^(year round|full year)$/i, term: /^/ });

const common = {
  startDate: at('beginDate', DateOnly),
  endDate: DateOnly,
  schoolYear: to('schoolYearTypeReference', 'schoolYearTypes'),
  orgSourcedId: to('schoolReference', 'schools'),
};

export const academicSessions = defineResource('academicSession', {
  sessions: { ...common, title: at('sessionName', Text), type: at('termDescriptor', Term) },
  gradingPeriods: {
    ...common,
    title: at('gradingPeriodName|gradingPeriodDescriptor', Word),
    type: always('gradingPeriod'),
  },
});
