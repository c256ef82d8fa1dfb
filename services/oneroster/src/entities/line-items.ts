import { DateTime, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { at, defineEntity } from '@flotilla/substrate/vendor';
import { gradebook, gradebookPath, oneOf } from '../paths.ts';
import { Reference, shape } from '../wire/record.ts';
import { gradebookWrite } from '../write-back/gradebook-write.ts';
import { referenceTo } from '../write-back/reference.ts';

const members = {
  title: Text,
  description: optional(Text),
  assignDate: DateTime,
  dueDate: DateTime,
  classSourcedId: at('class', Reference, referenceTo('class')),
  categorySourcedId: at('category', Reference, referenceTo('category')),
  gradingPeriodSourcedId: at('gradingPeriod', optional(Reference), referenceTo('academicSession')),
  schoolSourcedId: at('school', optional(Reference), referenceTo('org')),
  academicSessionSourcedId: at('academicSession', optional(Reference), referenceTo('academicSession')),
  scoreScaleSourcedId: at('scoreScale', optional(Reference), referenceTo('scoreScale')),
  resultValueMin: optional(Numeric),
  resultValueMax: optional(Numeric),
};

export const lineItems = defineEntity({
  ...shape('lineItem', members),
  collection: gradebook('lineItems'),
  one: oneOf(gradebook('lineItems'), 'lineItem'),
  write: gradebookWrite('lineItem', {
    collection: 'lineItems',
    members,
    newerMembers: ['schoolSourcedId', 'academicSessionSourcedId', 'scoreScaleSourcedId'],
    momentOf: ({ assignDate }) => assignDate,
    posted: {
      identity: ['classSourcedId', 'categorySourcedId', 'title'],
      // To their class: every line item has one, while its school may be unknown to us.
      to: ({ classSourcedId }, connection) => {
        const path = gradebookPath(connection, 'classes', classSourcedId, 'lineItems');
        return { path, listed: { path, member: 'lineItems' } };
      },
    },
  }),
});
