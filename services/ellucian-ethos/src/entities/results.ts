import { DateOnly, optional } from '@flotilla/substrate/lenient';
import { always, at, defineEntity, recordShape } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { read } from '../representation.ts';
import { common, Guid, idOf } from '../wire/record.ts';

const OfSection = z.object({ course: z.object({ section: z.object({}) }) });

const shape = recordShape({
  ...common,
  // Those of no section (of another institution, of exams) are results of nothing that we know.
  isDeleted: (record) => !OfSection.safeParse(record).success,
});

/** Grades in transcripts. */
export const results = defineEntity({
  ...shape('result', {
    lineItemSourcedId: at(idOf('course.section'), Guid),
    studentSourcedId: at(idOf('student'), Guid),
    classSourcedId: at(idOf('course.section'), Guid),
    scoreStatus: always('fully graded'),
    scoreDate: at('recordedOn', optional(DateOnly)),
    // A GUID of the grade definitions: which letter it is, only their list says.
    metadata: at(
      'grade.id',
      Guid.transform((grade) => ({ grade })),
    ),
  }),
  ...read('student-transcript-grades'),
});
