import { DateOnly, maybe, mayHave, optional, Text } from '@flotilla/substrate/lenient';
import { always, at, defineEntity, lookup, metadataOf, recordShape } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { read } from '../representation.ts';
import { common, Guid, idOf, Reference } from '../wire/record.ts';

const OfSection = z.object({ course: z.object({ section: z.object({}) }) });

const shape = recordShape({
  ...common,
  // Those of no section (of another institution, of exams) are results of nothing that we know.
  isDeleted: (record) => !OfSection.safeParse(record).success,
});

const Definition = z.object({ grade: maybe(z.object(mayHave(Text, 'value'))) });

/** Grades in transcripts. */
export const results = defineEntity({
  ...shape('result', {
    lineItemSourcedId: at(idOf('course.section'), Guid),
    studentSourcedId: at(idOf('student'), Guid),
    classSourcedId: at(idOf('course.section'), Guid),
    scoreStatus: always('fully graded'),
    scoreDate: at('recordedOn', optional(DateOnly)),
    metadata: metadataOf({ grade: Reference }),
  }),
  ...read('student-transcript-grades'),
  joins: {
    grades: lookup('result', {
      ...read('grade-definitions'),
      id: Guid,
      refersTo: ({ metadata }) => metadata?.grade,
      members: ['textScore'],
      says: Definition.transform(({ grade }) => ({ textScore: grade?.value })),
    }),
  },
});
