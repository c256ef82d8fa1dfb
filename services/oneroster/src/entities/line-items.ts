import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { gradebook, oneOf } from '../paths.ts';
import { envelope, enveloped, readEnveloped, sourcedIdOf } from '../wire/envelope.ts';
import { DateTime, Numeric, optional, Reference, Text } from '../wire/lenient.ts';
import { lineItemWrite } from '../write-back/line-item-write.ts';

export const lineItems = defineEntity({
  entityType: 'lineItem',
  collection: gradebook('lineItems'),
  one: oneOf(gradebook('lineItems'), 'lineItem'),
  write: lineItemWrite,
  wire: enveloped(
    z.object({
      ...envelope,
      title: Text,
      description: optional(Text),
      assignDate: DateTime,
      dueDate: DateTime,
      class: Reference,
      category: Reference,
      // 1.2 only, as are academicSession and scoreScale.
      school: optional(Reference),
      gradingPeriod: optional(Reference),
      academicSession: optional(Reference),
      scoreScale: optional(Reference),
      resultValueMin: optional(Numeric),
      resultValueMax: optional(Numeric),
    }),
  ),
  idOf: sourcedIdOf,
  read: readEnveloped((item) =>
    present({
      title: item.title,
      description: item.description,
      assignDate: item.assignDate,
      dueDate: item.dueDate,
      classSourcedId: item.class,
      categorySourcedId: item.category,
      schoolSourcedId: item.school,
      gradingPeriodSourcedId: item.gradingPeriod,
      academicSessionSourcedId: item.academicSession,
      scoreScaleSourcedId: item.scoreScale,
      resultValueMin: item.resultValueMin,
      resultValueMax: item.resultValueMax,
    }),
  ),
});
