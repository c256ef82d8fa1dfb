import { DateTime, Id, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { at, defineEntity } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { gradebook } from '../paths.ts';
import { categoryId, ownId, parentId } from '../wire/placed.ts';
import { shapeOf } from '../wire/record.ts';
import { lineItemWrite } from '../write-back/line-item-write.ts';

const Graded = z.object({ grading_type: optional(Text), points_possible: optional(Numeric) });

// `draft`, `scheduled`, `open`, `locked`: where the work stands, not whether the record holds.
const shape = shapeOf({ state: optional(Text), grading_type: optional(Text) }, ownId);

export const lineItems = defineEntity({
  ...shape('lineItem', {
    title: Text,
    description: optional(Text),
    assignDate: at('start_date', optional(DateTime)),
    dueDate: at('due_date', optional(DateTime)),
    classSourcedId: parentId,
    categorySourcedId: categoryId,
    academicSessionSourcedId: at('session_id', optional(Id)),
    // Per cent are points out of a hundred, as Edlink has it.
    resultValueMax: at(
      '',
      Graded.transform((work) => (work.grading_type === 'percent' ? 100 : work.points_possible)),
    ),
  }),
  within: 'class',
  ...gradebook.assignments,
  write: lineItemWrite,
});
