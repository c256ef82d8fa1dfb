import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { listOf, oneOf } from '../paths.ts';
import { Grade } from '../wire/grade.ts';
import { Id, mayHave, optional, Text } from '../wire/lenient.ts';
import { head, idOf, readOne, some } from '../wire/record.ts';

const homeroom = 'homeroom/advisory';

/** The words that only spell a subject in another way than everybody else; the others are Clever's own and stay as they are. */
const subjectNames = new Map([
  ['english/language arts', 'English Language Arts'],
  ['math', 'Mathematics'],
  ['science', 'Science'],
  ['social studies', 'Social Studies'],
]);

/** Clever's sections. */
export const classes = defineEntity({
  entityType: 'class',
  collection: listOf('sections'),
  one: oneOf('sections'),
  wire: z.object({
    ...head,
    name: Text,
    course: Id,
    school: Id,
    term_id: optional(Id),
    grade: optional(Grade),
    ...mayHave(Text, 'section_number', 'subject', 'period', 'sis_id'),
  }),
  idOf,
  read: readOne(({ subject, grade, period, sis_id, ...section }) =>
    present({
      title: section.name,
      classCode: section.section_number,
      // That it is a homeroom is a subject to Clever; of the others it says nothing.
      classType: subject === homeroom ? ('homeroom' as const) : undefined,
      grades: some([grade]),
      subjects:
        subject === undefined || subject === homeroom ? undefined : [subjectNames.get(subject) ?? subject],
      periods: some([period]),
      courseSourcedId: section.course,
      schoolSourcedId: section.school,
      termSourcedIds: some([section.term_id]) ?? [],
      // OneRoster's classes have no place for the SIS's id, and people look for it.
      metadata: sis_id === undefined ? undefined : { sis_id },
    }),
  ),
});
