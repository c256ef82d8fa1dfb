import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { gradebook } from '../paths.ts';
import { Id, Moment, Numeric, optional, Text } from '../wire/lenient.ts';
import { placed, placedId } from '../wire/placed.ts';
import { toReading } from '../wire/record.ts';
import { lineItemWrite } from '../write-back/line-item-write.ts';

export const lineItems = defineEntity({
  entityType: 'lineItem',
  within: 'class',
  ...gradebook.assignments,
  write: lineItemWrite,
  wire: z.object({
    ...placed,
    title: Text,
    description: optional(Text),
    start_date: optional(Moment),
    due_date: optional(Moment),
    // `draft`, `scheduled`, `open`, `locked`: where the work stands, not whether the record holds.
    state: optional(Text),
    points_possible: optional(Numeric),
    grading_type: optional(Text),
    session_id: optional(Id),
    category_id: optional(Id),
  }),
  read: ({ state, grading_type, category_id, ...assignment }) =>
    toReading(
      { ...assignment, id: placedId(assignment) },
      present({
        title: assignment.title,
        description: assignment.description,
        assignDate: assignment.start_date,
        dueDate: assignment.due_date,
        classSourcedId: assignment.class_id,
        categorySourcedId: category_id && placedId({ ...assignment, id: category_id }),
        academicSessionSourcedId: assignment.session_id,
        // Per cent are points out of a hundred, as Edlink has it.
        resultValueMax: grading_type === 'percent' ? 100 : assignment.points_possible,
      }),
      {
        assignment_state: state === 'open' ? undefined : state,
        grading_type: grading_type === 'points' ? undefined : grading_type,
      },
    ),
});
