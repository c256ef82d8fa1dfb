import { isJsonObject } from '@flotilla/substrate/json/json-value';
import { DateOnly, optional } from '@flotilla/substrate/lenient';
import { at, defineEntity, recordShape } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { read } from '../representation.ts';
import { common, Reference } from '../wire/record.ts';

const shape = recordShape({
  ...common,
  // Those of no section (of another institution, of exams) are results of nothing that we know.
  isDeleted: ({ course = null }) => !(isJsonObject(course) && isJsonObject(course.section ?? null)),
  // A GUID of the grade definitions: which letter it is, only their list says.
  metadata: at(
    'grade',
    Reference.transform((grade) => ({ grade })),
  ),
});

/** Grades in transcripts. */
export const results = defineEntity({
  ...shape('result', {
    lineItemSourcedId: at('course.section', Reference),
    studentSourcedId: at('student', Reference),
    classSourcedId: at('course.section', Reference),
    scoreStatus: at(
      '',
      z.unknown().transform(() => 'fully graded' as const),
    ),
    scoreDate: at('recordedOn', optional(DateOnly)),
  }),
  ...read('student-transcript-grades'),
});
