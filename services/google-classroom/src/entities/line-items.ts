import { DateTime, Flag, Id, mayHave, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { at, defineEntity, joinIds, metadataOf, unlessUsual } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { oneWork, workOf } from '../paths.ts';
import { due } from '../wire/due.ts';
import { shapeOf } from '../wire/record.ts';
import { lineItemWrite } from '../write-back/line-item-write.ts';

/** Zero means, as none does, that it is not graded. */
const Points = optional(Numeric).transform((points = 0) => (points > 0 ? points : undefined));

const LeastPoints = Points.transform((points) => points && 0);

const CategoryId = z
  .object({ courseId: Id, gradeCategory: optional(z.object({ id: Id })) })
  .transform(({ courseId, gradeCategory }) => gradeCategory && joinIds(courseId, gradeCategory.id));

/** What Google takes. */
const members = {
  title: Text,
  description: optional(Text),
  dueDate: due,
  resultValueMax: at('maxPoints', Points),
};

/** Published course work. */
export const lineItems = defineEntity({
  ...shapeOf('courseId', 'id')('lineItem', {
    ...members,
    assignDate: at('scheduledTime', optional(DateTime)),
    classSourcedId: at('courseId', Id),
    categorySourcedId: at('', CategoryId),
    resultValueMin: at('maxPoints', LeastPoints),
    metadata: metadataOf({
      ...mayHave(Text, 'alternateLink', 'gradingPeriodId', 'topicId'),
      associatedWithDeveloper: optional(Flag),
      creationTime: optional(DateTime),
      workType: unlessUsual('ASSIGNMENT'),
    }),
  }),
  within: 'class',
  collection: workOf,
  one: oneWork,
  write: lineItemWrite(members),
});
