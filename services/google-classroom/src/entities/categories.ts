import { DateTime, Id, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { defineEntity, joinIds, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { courseList } from '../paths.ts';

const Category = z.object({ id: Id, name: Text, weight: optional(Numeric) });

/**
 * The grade categories of a course's gradebook, which stand in the course itself. They can be read only. Topics are no categories: they
 * order what students see, and weigh nothing.
 */
export const categories = defineEntity({
  entityType: 'category',
  from: 'course',
  collection: courseList,
  wire: z.object({
    id: Id,
    updateTime: optional(DateTime),
    gradebookSettings: optional(z.object({ gradeCategories: optional(z.array(Category)) })),
  }),
  // A course has as many as it likes.
  idOf: () => undefined,
  read: ({ id: courseId, updateTime: dateLastModified, gradebookSettings }) =>
    (gradebookSettings?.gradeCategories ?? []).map(({ id, name, weight }) => ({
      id: joinIds(courseId, id),
      value: {
        status: 'active' as const,
        title: name,
        // 100 % is 1,000,000; one without a weight only sets the points that work starts with.
        ...present({ weight: weight === undefined ? undefined : weight / 10_000, dateLastModified }),
      },
    })),
});
