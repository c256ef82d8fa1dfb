import { DateOnly, Id, mayHave, optional, Text } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { listOf, oneOf } from '../paths.ts';
import { head, idOf, readOne } from '../wire/record.ts';

export const academicSessions = defineEntity({
  entityType: 'academicSession',
  collection: listOf('terms'),
  one: oneOf('terms'),
  wire: z.object({
    ...head,
    name: Text,
    ...mayHave(DateOnly, 'start_date', 'end_date'),
    district: optional(Id),
  }),
  idOf,
  read: readOne(({ name, start_date: startDate, end_date: endDate, district: orgSourcedId }) => ({
    title: name,
    // Clever does not tell years, semesters and quarters apart: all of them are terms.
    type: 'term' as const,
    ...present({ startDate, endDate, schoolYear: schoolYearOf(startDate), orgSourcedId }),
  })),
});

/** The year in which the school year ends, as OneRoster has it. Clever does not say; American ones begin from July on. */
function schoolYearOf(startDate: string | undefined): string | undefined {
  const [year, month = ''] = startDate?.split('-') ?? [];
  return year === undefined || month < '07' ? year : String(Number(year) + 1);
}
