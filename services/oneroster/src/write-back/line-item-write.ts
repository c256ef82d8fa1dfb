import { gradebookPath } from '../paths.ts';
import { gradebookWrite } from './gradebook-write.ts';
import { reference } from './reference.ts';

/** Pure. New line items are posted to their class in 1.2: every line item has one, while its school may be unknown to us. */
export const lineItemWrite = gradebookWrite({
  entityType: 'lineItem',
  collection: 'lineItems',
  members: [
    'title',
    'description',
    'assignDate',
    'dueDate',
    'classSourcedId',
    'categorySourcedId',
    'gradingPeriodSourcedId',
    'resultValueMin',
    'resultValueMax',
    'metadata',
  ],
  newerMembers: ['schoolSourcedId', 'academicSessionSourcedId', 'scoreScaleSourcedId'],
  membersOf: (item, to) => {
    const newer = {
      school: reference('org', item.schoolSourcedId, to),
      academicSession: reference('academicSession', item.academicSessionSourcedId, to),
      scoreScale: reference('scoreScale', item.scoreScaleSourcedId, to),
    };
    return {
      title: item.title,
      description: item.description,
      assignDate: item.assignDate,
      dueDate: item.dueDate,
      class: reference('class', item.classSourcedId, to),
      category: reference('category', item.categorySourcedId, to),
      gradingPeriod: reference('academicSession', item.gradingPeriodSourcedId, to),
      resultValueMin: item.resultValueMin,
      resultValueMax: item.resultValueMax,
      ...(to.version === '1.1' ? {} : newer),
    };
  },
  momentOf: ({ assignDate }) => assignDate,
  posted: {
    identity: ['classSourcedId', 'categorySourcedId', 'title'],
    to: ({ classSourcedId }, connection) => {
      const path = gradebookPath(connection, 'classes', classSourcedId, 'lineItems');
      return { path, listed: { path, member: 'lineItems' } };
    },
  },
});
