import { DateTime, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { at, defineEntity } from '@flotilla/substrate/vendor';
import { gradebook, oneOf } from '../paths.ts';
import { Reference, shape } from '../wire/record.ts';
import { lineItemWrite } from '../write-back/line-item-write.ts';

export const lineItems = defineEntity({
  ...shape('lineItem', {
    title: Text,
    description: optional(Text),
    assignDate: DateTime,
    dueDate: DateTime,
    classSourcedId: at('class', Reference),
    categorySourcedId: at('category', Reference),
    gradingPeriodSourcedId: at('gradingPeriod', optional(Reference)),
    // These three only in 1.2.
    schoolSourcedId: at('school', optional(Reference)),
    academicSessionSourcedId: at('academicSession', optional(Reference)),
    scoreScaleSourcedId: at('scoreScale', optional(Reference)),
    resultValueMin: optional(Numeric),
    resultValueMax: optional(Numeric),
  }),
  collection: gradebook('lineItems'),
  one: oneOf(gradebook('lineItems'), 'lineItem'),
  write: lineItemWrite,
});
