import { DateTime, Id, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { gradebook } from '../paths.ts';
import { place, placedId } from '../wire/placed.ts';
import { recordOf } from '../wire/record.ts';
import { lineItemWrite } from '../write-back/line-item-write.ts';

export const lineItems = defineEntity({
  entityType: 'lineItem',
  within: 'class',
  ...gradebook.assignments,
  write: lineItemWrite,
  wire: recordOf({
    members: {
      title: ['title', Text],
      description: ['description', optional(Text)],
      assignDate: ['start_date', optional(DateTime)],
      dueDate: ['due_date', optional(DateTime)],
      academicSessionSourcedId: ['session_id', optional(Id)],
    },
    needed: { ...place, category_id: optional(Id), points_possible: optional(Numeric) },
    // `draft`, `scheduled`, `open`, `locked`: where the work stands, not whether the record holds.
    noted: { state: optional(Text), grading_type: optional(Text) },
  }),
  read: ({ id, value, needed }) => {
    const { class_id: classSourcedId, category_id, points_possible } = needed;
    const further = present({
      categorySourcedId: category_id && placedId(needed, category_id),
      // Per cent are points out of a hundred, as Edlink has it.
      resultValueMax: value.metadata?.grading_type === 'percent' ? 100 : points_possible,
    });
    return [{ id: placedId(needed, id), value: { ...value, ...further, classSourcedId } }];
  },
});
