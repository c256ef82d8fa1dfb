import type { EntityValue } from '@flotilla/substrate/model';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { gradebook } from '../paths.ts';
import { Id, Numeric, optional, Text, word } from '../wire/lenient.ts';
import { parentIdOf, placed, placedId } from '../wire/placed.ts';
import { toReading } from '../wire/record.ts';
import { resultWrite } from '../write-back/result-write.ts';

const Submission = z.object({
  ...placed,
  person_id: Id,
  state: word({
    created: 'not submitted',
    reclaimed: 'not submitted',
    submitted: 'submitted',
    returned: 'fully graded',
  }),
  flags: optional(z.array(Text)),
  grade_points: optional(Numeric),
  grade: optional(Text),
  grade_comment: optional(Text),
});

/** When a grade was given Edlink does not say; a submission's own dates move with whatever the student does. */
export const results = defineEntity({
  entityType: 'result',
  within: 'lineItem',
  ...gradebook.submissions,
  write: resultWrite,
  wire: Submission,
  read: ({ state, ...submission }) =>
    toReading(
      { ...submission, id: placedId(submission) },
      present({
        lineItemSourcedId: parentIdOf(submission),
        studentSourcedId: submission.person_id,
        classSourcedId: submission.class_id,
        scoreStatus: statusOf({ state, ...submission }),
        score: submission.grade_points,
        textScore: submission.grade,
        comment: submission.grade_comment,
        late: submission.flags?.includes('late'),
        missing: submission.flags?.includes('missing'),
      }),
    ),
});

/** A grade that has not been returned to the student may still change. */
function statusOf({
  state,
  flags,
  grade_points,
  grade,
}: z.output<typeof Submission>): EntityValue<'result'>['scoreStatus'] {
  if (flags?.includes('excused') === true) return 'exempt';
  const isGraded = grade_points !== undefined || grade !== undefined;
  return isGraded && state !== 'fully graded' ? 'partially graded' : state;
}
