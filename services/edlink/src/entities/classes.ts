import { Id, optional, Text, TextList } from '@flotilla/substrate/lenient';
import { at, defineEntity } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { rostering } from '../paths.ts';
import { State, shapeOf } from '../wire/record.ts';

const Taught = z.object({ id: Id, course_id: optional(Id) });

/**
 * Edlink's class, not its section: enrollments always name a class and seldom a section, and assignments, categories and grades hang on
 * classes alone. A section is a part of one class; who is in which stands with the enrollment.
 */
export const classes = defineEntity({
  ...shapeOf({ state: State })('class', {
    title: at('name', Text),
    description: optional(Text),
    grades: at('grade_levels', TextList),
    subjectCodes: at('subjects', TextList),
    periods: TextList,
    courseSourcedId: at(
      '',
      Taught.transform(({ id, course_id = id }) => course_id),
    ),
    schoolSourcedId: at('school_id', optional(Id)),
    termSourcedIds: at(
      'session_ids',
      TextList.transform((ids) => ids ?? []),
    ),
  }),
  ...rostering('classes'),
});
