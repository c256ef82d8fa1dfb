import { DateOnly, mayHave, optional, Text } from '@flotilla/substrate/lenient';
import { always, at, defineEntity, lookup, recordShape } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import type { Connection } from '../connection.ts';
import { listOf, read } from '../representation.ts';
import { common, Guid, idOf, maybe } from '../wire/record.ts';

const OfSection = z.object({ course: z.object({ section: z.object({}) }) });

const shape = recordShape({
  ...common,
  // Those of no section (of another institution, of exams) are results of nothing that we know.
  isDeleted: (record) => !OfSection.safeParse(record).success,
});

/** Which letter the GUID of a grade means. */
const grades = lookup('result', {
  collection: (connection: Connection) => listOf('grade-definitions', connection),
  id: Guid,
  says: z.object({ grade: maybe(z.object(mayHave(Text, 'value'))) }).transform(({ grade }) => {
    return grade?.value === undefined ? undefined : { letter: grade.value };
  }),
  refersTo: ({ metadata }) => metadata?.grade,
  members: ['textScore'],
  add: (result, { letter }) => ({ ...result, textScore: letter }),
});

/** Grades in transcripts. */
export const results = defineEntity({
  ...shape('result', {
    lineItemSourcedId: at(idOf('course.section'), Guid),
    studentSourcedId: at(idOf('student'), Guid),
    classSourcedId: at(idOf('course.section'), Guid),
    scoreStatus: always('fully graded'),
    scoreDate: at('recordedOn', optional(DateOnly)),
    metadata: at(
      'grade.id',
      Guid.transform((grade) => ({ grade })),
    ),
  }),
  ...read('student-transcript-grades'),
  joins: { grades },
});
