import { Id, Numeric, optional, Text, wordAs } from '@flotilla/substrate/lenient';
import type { EntityValue } from '@flotilla/substrate/model';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { gradebook } from '../paths.ts';
import { parentIdOf, place, placedId } from '../wire/placed.ts';
import { recordOf } from '../wire/record.ts';
import { resultWrite } from '../write-back/result-write.ts';

const states = {
  created: 'not submitted',
  reclaimed: 'not submitted',
  submitted: 'submitted',
  returned: 'fully graded',
} as const;

/** When a grade was given Edlink does not say; a submission's own dates move with whatever the student does. */
export const results = defineEntity({
  entityType: 'result',
  within: 'lineItem',
  ...gradebook.submissions,
  write: resultWrite,
  wire: recordOf({
    members: {
      studentSourcedId: ['person_id', Id],
      scoreStatus: ['state', wordAs(states)],
      score: ['grade_points', optional(Numeric)],
      textScore: ['grade', optional(Text)],
      comment: ['grade_comment', optional(Text)],
    },
    needed: { ...place, flags: optional(z.array(Text)) },
  }),
  read: ({ id, value, needed }) => {
    const { class_id: classSourcedId, flags } = needed;
    const further = {
      lineItemSourcedId: parentIdOf(needed),
      classSourcedId,
      scoreStatus: statusOf(value, flags),
      ...present({ late: flags?.includes('late'), missing: flags?.includes('missing') }),
    };
    return [{ id: placedId(needed, id), value: { ...value, ...further } }];
  },
});

type Result = EntityValue<'result'>;

/** A grade that has not been returned to the student may still change. */
function statusOf(
  { scoreStatus, score, textScore }: Pick<Result, 'scoreStatus' | 'score' | 'textScore'>,
  flags: readonly string[] = [],
): Result['scoreStatus'] {
  if (flags.includes('excused')) return 'exempt';
  const isGraded = score !== undefined || textScore !== undefined;
  return isGraded && scoreStatus !== 'fully graded' ? 'partially graded' : scoreStatus;
}
