import { DateTime, Flag, Id, mayHave, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { oneWork, workOf } from '../paths.ts';
import { DueDate, DueTime, toMoment } from '../wire/due.ts';
import { idFrom, joinIds } from '../wire/joined-id.ts';
import { asMetadata } from '../wire/metadata.ts';
import { lineItemWrite } from '../write-back/line-item-write.ts';

/** Published course work. A draft is nobody's yet, and nobody's any more what is deleted: both are read as not there. */
export const lineItems = defineEntity({
  entityType: 'lineItem',
  within: 'class',
  collection: workOf,
  one: oneWork,
  write: lineItemWrite,
  wire: z.object({
    courseId: Id,
    id: Id,
    title: Text,
    ...mayHave(Text, 'description', 'state', 'workType', 'alternateLink', 'gradingPeriodId', 'topicId'),
    ...mayHave(DateTime, 'scheduledTime', 'creationTime', 'updateTime'),
    maxPoints: optional(Numeric),
    dueDate: optional(DueDate),
    dueTime: optional(DueTime),
    gradeCategory: optional(z.object({ id: Id })),
    associatedWithDeveloper: optional(Flag),
  }),
  idOf: idFrom('courseId', 'id'),
  read: (work) => {
    const { courseId, dueDate, maxPoints = 0, gradeCategory, workType } = work;
    const id = joinIds(courseId, work.id);
    if (work.state === 'DELETED' || work.state === 'DRAFT') return [{ id, deleted: true }];
    return [
      {
        id,
        value: {
          status: 'active',
          title: work.title,
          classSourcedId: courseId,
          // Zero means, as none does, that it is not graded.
          ...(maxPoints > 0 ? { resultValueMin: 0, resultValueMax: maxPoints } : {}),
          ...present({
            description: work.description,
            assignDate: work.scheduledTime,
            dueDate: dueDate && toMoment(dueDate, work.dueTime),
            categorySourcedId: gradeCategory && joinIds(courseId, gradeCategory.id),
            dateLastModified: work.updateTime,
          }),
          ...asMetadata({
            alternateLink: work.alternateLink,
            associatedWithDeveloper: work.associatedWithDeveloper,
            creationTime: work.creationTime,
            gradingPeriodId: work.gradingPeriodId,
            topicId: work.topicId,
            workType: workType === 'ASSIGNMENT' ? undefined : workType,
          }),
        },
      },
    ];
  },
});
