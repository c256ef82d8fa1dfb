import { DateOnly, Flag, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import type { EntityValue } from '@flotilla/substrate/model';
import { at, type Collection, defineEntity } from '@flotilla/substrate/vendor';
import { type Connection, filtered, gradebook, gradebookPath, oneOf } from '../paths.ts';
import { Reference, shape, word } from '../wire/record.ts';
import { gradebookWrite } from '../write-back/gradebook-write.ts';
import { referenceTo } from '../write-back/reference.ts';

const members = {
  lineItemSourcedId: at('lineItem', Reference, referenceTo('lineItem')),
  studentSourcedId: at('student', Reference, referenceTo('user')),
  classSourcedId: at('class', optional(Reference), referenceTo('class')),
  scoreScaleSourcedId: at('scoreScale', optional(Reference), referenceTo('scoreScale')),
  // The standard's words have spaces.
  scoreStatus: word('exempt', 'fully graded', 'not submitted', 'partially graded', 'submitted'),
  score: optional(Numeric),
  textScore: optional(Text),
  scoreDate: DateOnly,
  comment: optional(Text),
  // Flags are texts in the standard.
  inProgress: at('inProgress', optional(Flag), String),
  incomplete: at('incomplete', optional(Flag), String),
  late: at('late', optional(Flag), String),
  missing: at('missing', optional(Flag), String),
};

export const results = defineEntity({
  ...shape('result', members),
  collection: gradebook('results'),
  one: oneOf(gradebook('results'), 'result'),
  write: gradebookWrite('result', {
    collection: 'results',
    members,
    newerMembers: [
      'classSourcedId',
      'scoreScaleSourcedId',
      'textScore',
      'inProgress',
      'incomplete',
      'late',
      'missing',
    ],
    momentOf: ({ scoreDate }) => scoreDate,
    posted: {
      identity: ['lineItemSourcedId', 'studentSourcedId'],
      to: (result, connection) => ({
        path: gradebookPath(connection, 'lineItems', result.lineItemSourcedId, 'results'),
        listed: listedWith(result, connection),
      }),
    },
  }),
});

/** What is posted to a line item is listed only below its class, which a result need not name. */
function listedWith(
  { lineItemSourcedId, classSourcedId }: EntityValue<'result'>,
  connection: Connection,
): Collection {
  if (classSourcedId === undefined)
    return filtered(gradebook('results')(connection), 'lineItem.sourcedId', lineItemSourcedId);
  const below = ['classes', classSourcedId, 'lineItems', lineItemSourcedId, 'results'];
  return { path: gradebookPath(connection, ...below), member: 'results' };
}
