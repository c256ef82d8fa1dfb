import { DateTime, Id, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { at, defineEntity, joined, joinIds, splitId, unlessUsual } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { gradebook } from '../paths.ts';
import { shapeOf } from '../wire/record.ts';
import { lineItemWrite } from '../write-back/line-item-write.ts';

/** One of the same class. */
const CategoryId = z
  .object({ class_id: Id, category_id: optional(Id) })
  .transform(({ class_id, category_id }) => category_id && joinIds(class_id, category_id));

/** Per cent are points out of a hundred, as Edlink has it. */
const MostPoints = z
  .object({ grading_type: optional(Text), points_possible: optional(Numeric) })
  .transform((work) => (work.grading_type === 'percent' ? 100 : work.points_possible));

/** What Edlink takes. A maximum is one of points: it does not keep it of what is graded otherwise, and the report says so. */
const members = {
  title: Text,
  description: optional(Text),
  assignDate: at('start_date', optional(DateTime)),
  dueDate: at('due_date', optional(DateTime)),
  categorySourcedId: at('', CategoryId, (id) => ({ category_id: id && splitId(id).at(-1) })),
  academicSessionSourcedId: at('session_id', optional(Id)),
  resultValueMax: at('', MostPoints, (points_possible) => ({ points_possible })),
};

// `draft`, `scheduled`, `open`, `locked`: where the work stands, not whether the record holds.
const noted = { state: unlessUsual('open', 'active'), grading_type: unlessUsual('points') };

export const lineItems = defineEntity({
  ...shapeOf(noted, joined('class_id', 'id'))('lineItem', { ...members, classSourcedId: at('class_id', Id) }),
  within: 'class',
  ...gradebook.assignments,
  write: lineItemWrite(members),
});
