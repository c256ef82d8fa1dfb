import { Id, mayHave, optional, Text } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { listOf, oneOf } from '../paths.ts';
import { Grade } from '../wire/grade.ts';
import { head, idOf, readOne, some } from '../wire/record.ts';

/** The words that only spell a subject in another way than everybody else; the others are Clever's own and stay as they are. */
const usualNames = new Map([
  ['english/language arts', 'English Language Arts'],
  ['math', 'Mathematics'],
  ['science', 'Science'],
  ['social studies', 'Social Studies'],
]);

/** To Clever it is a subject that a section is a homeroom. */
const Subject = Text.transform((word) =>
  word === 'homeroom/advisory'
    ? { classType: 'homeroom' as const }
    : { classType: 'scheduled' as const, subjects: [usualNames.get(word) ?? word] },
);

/** Clever's sections. */
export const classes = defineEntity({
  entityType: 'class',
  collection: listOf('sections'),
  one: oneOf('sections'),
  wire: z.object({
    ...head,
    name: Text,
    school: Id,
    ...mayHave(Id, 'course', 'term_id'),
    grade: optional(Grade),
    subject: optional(Subject),
    ...mayHave(Text, 'section_number', 'period', 'sis_id'),
  }),
  idOf,
  read: readOne(({ subject, grade, period, sis_id, ...section }) =>
    present({
      title: section.name,
      classCode: section.section_number,
      grades: some([grade]),
      ...subject,
      periods: some([period]),
      courseSourcedId: section.course,
      schoolSourcedId: section.school,
      termSourcedIds: some([section.term_id]) ?? [],
      // OneRoster's classes have no place for the SIS's id, and people look for it.
      metadata: sis_id === undefined ? undefined : { sis_id },
    }),
  ),
});
