import { Id, listOf, Numeric, optional, Text, wordAs } from '@flotilla/substrate/lenient';
import { at, defineEntity, joined } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { gradebook } from '../paths.ts';
import { shapeOf } from '../wire/record.ts';
import { resultWrite } from '../write-back/result-write.ts';

const State = wordAs({
  created: 'not submitted',
  reclaimed: 'not submitted',
  submitted: 'submitted',
  returned: 'fully graded',
});

/** A grade that has not been returned to the student may still change. */
const Status = z
  .object({ state: State, flags: listOf(Text), grade_points: optional(Numeric), grade: optional(Text) })
  .transform(({ state, flags, grade_points, grade }) => {
    if (flags?.includes('excused') === true) return 'exempt' as const;
    const isGraded = grade_points !== undefined || grade !== undefined;
    return isGraded && state !== 'fully graded' ? ('partially graded' as const) : state;
  });

function flag(name: string) {
  const read = optional(z.array(Text)).transform((flags) => flags?.includes(name));
  return at('flags', read);
}

/** What Edlink takes besides its list of flags. */
const members = {
  score: at('grade_points', optional(Numeric)),
  textScore: at('grade', optional(Text)),
  comment: at('grade_comment', optional(Text)),
};

/** When a grade was given Edlink does not say; a submission's own dates move with whatever the student does. */
export const results = defineEntity({
  ...shapeOf({}, joined('class_id', 'assignment_id', 'id'))('result', {
    ...members,
    lineItemSourcedId: joined('class_id', 'assignment_id'),
    studentSourcedId: at('person_id', Id),
    classSourcedId: at('class_id', Id),
    scoreStatus: at('', Status),
    late: flag('late'),
    missing: flag('missing'),
  }),
  within: 'lineItem',
  ...gradebook.submissions,
  write: resultWrite(members),
});
