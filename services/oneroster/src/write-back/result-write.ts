import { filtered, gradebook, gradebookPath } from '../paths.ts';
import { gradebookWrite } from './gradebook-write.ts';
import { reference } from './reference.ts';

/** Pure. New results are posted to their line item in 1.2. */
export const resultWrite = gradebookWrite({
  entityType: 'result',
  collection: 'results',
  members: [
    'lineItemSourcedId',
    'studentSourcedId',
    'scoreStatus',
    'score',
    'scoreDate',
    'comment',
    'metadata',
  ],
  newerMembers: [
    'classSourcedId',
    'scoreScaleSourcedId',
    'textScore',
    'inProgress',
    'incomplete',
    'late',
    'missing',
  ],
  membersOf: (result, to) => {
    const newer = {
      class: reference('class', result.classSourcedId, to),
      scoreScale: reference('scoreScale', result.scoreScaleSourcedId, to),
      textScore: result.textScore,
      inProgress: textOf(result.inProgress),
      incomplete: textOf(result.incomplete),
      late: textOf(result.late),
      missing: textOf(result.missing),
    };
    return {
      lineItem: reference('lineItem', result.lineItemSourcedId, to),
      student: reference('user', result.studentSourcedId, to),
      scoreStatus: result.scoreStatus,
      score: result.score,
      scoreDate: result.scoreDate,
      comment: result.comment,
      ...(to.version === '1.1' ? {} : newer),
    };
  },
  momentOf: ({ scoreDate }) => scoreDate,
  posted: {
    identity: ['lineItemSourcedId', 'studentSourcedId'],
    to: ({ lineItemSourcedId, classSourcedId }, connection) => {
      const path = gradebookPath(connection, 'lineItems', lineItemSourcedId, 'results');
      // What is posted there is listed only below the class, which a result need not name.
      const listed =
        classSourcedId === undefined
          ? filtered(gradebook('results')(connection), 'lineItem.sourcedId', lineItemSourcedId)
          : {
              path: gradebookPath(
                connection,
                'classes',
                classSourcedId,
                'lineItems',
                lineItemSourcedId,
                'results',
              ),
              member: 'results',
            };
      return { path, listed };
    },
  },
});

/** A flag as the standard spells it. */
function textOf(flag: boolean | undefined): string | undefined {
  return flag === undefined ? undefined : String(flag);
}
