import { DateTime, Id, mayHave, optional, Text } from '@flotilla/substrate/lenient';
import { present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { gradeOf } from './levels.ts';

/** What is read of a course wherever it is read. Its name is that of the group: what is taught has none of its own at Google. */
export const Course = z.object({
  id: Id,
  name: Text,
  updateTime: optional(DateTime),
  ...mayHave(Text, 'subject', 'levels', 'courseState'),
});

/** PROVISIONED is one that its teacher has yet to accept. */
const notActive: ReadonlySet<string | undefined> = new Set(['ARCHIVED', 'DECLINED', 'SUSPENDED']);

/** Pure. What canonical courses and classes have in common. */
export function commonOf({ name, subject, levels, updateTime, courseState }: z.output<typeof Course>) {
  const grade = gradeOf(levels);
  return {
    status: notActive.has(courseState) ? ('inactive' as const) : ('active' as const),
    title: name,
    ...present({
      grades: grade === undefined ? undefined : [grade],
      subjects: subject === undefined ? undefined : [subject],
      dateLastModified: updateTime,
    }),
  };
}
