import { DateTime, Flag, Id, mayHave, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import type { EntityValue } from '@flotilla/substrate/model';
import { at, defineEntity, joined } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { oneSubmission, submissionsOf } from '../paths.ts';
import { shapeOf } from '../wire/record.ts';
import { resultWrite } from '../write-back/result-write.ts';

const Grade = z.object({ gradeTimestamp: optional(DateTime), gradeChangeType: optional(Text) });

const Graded = z
  .object({
    state: optional(Text),
    ...mayHave(Numeric, 'draftGrade', 'assignedGrade'),
    submissionHistory: optional(z.array(z.object({ gradeHistory: optional(Grade) }))),
    // What the connection says: which of the two grades counts.
    isDraftGrade: z.boolean().default(false),
  })
  .transform(({ isDraftGrade, ...submission }) => {
    const { draftGrade, assignedGrade } = submission;
    return {
      ...submission,
      isDraftGrade,
      score: isDraftGrade ? (draftGrade ?? assignedGrade) : assignedGrade,
    };
  });
type Graded = z.output<typeof Graded>;

const Score = Graded.transform(({ score }) => score);

/** One that no other member says. */
const Draft = Graded.transform(({ draftGrade, assignedGrade, score }) =>
  draftGrade === undefined || [assignedGrade, score].includes(draftGrade) ? undefined : { draftGrade },
);

/** Students' submissions, of which every student of the course has one for each piece of work from the beginning. */
export const results = defineEntity({
  ...shapeOf(
    'courseId',
    'courseWorkId',
    'id',
  )('result', {
    lineItemSourcedId: joined('courseId', 'courseWorkId'),
    studentSourcedId: at('userId', Id),
    classSourcedId: at('courseId', Id),
    scoreStatus: at('', Graded.transform(scoreStatusOf)),
    score: at('', Score),
    scoreDate: at('', Graded.transform(gradedOn)),
    // False is left out.
    late: optional(Flag).transform((late = false) => late),
    metadata: at('', Draft),
  }),
  within: 'class',
  collection: submissionsOf,
  one: oneSubmission,
  write: resultWrite,
});

function scoreStatusOf({ state, draftGrade, assignedGrade }: Graded): EntityValue<'result'>['scoreStatus'] {
  if (assignedGrade !== undefined) return 'fully graded';
  if (draftGrade !== undefined) return 'partially graded';
  return state === 'TURNED_IN' || state === 'RETURNED' ? 'submitted' : 'not submitted';
}

/** The day, in UTC, on which the grade that counts was last set. */
function gradedOn({ score, isDraftGrade, submissionHistory = [] }: Graded): string | undefined {
  if (score === undefined) return undefined;
  const kind = isDraftGrade ? 'DRAFT_GRADE_POINTS_EARNED_CHANGE' : 'ASSIGNED_GRADE_POINTS_EARNED_CHANGE';
  const moments = submissionHistory
    .filter(({ gradeHistory }) => gradeHistory?.gradeChangeType === kind)
    .flatMap(({ gradeHistory }) => gradeHistory?.gradeTimestamp ?? []);
  // All of them are written alike, so the last one is the greatest.
  return moments.toSorted().at(-1)?.slice(0, 10);
}
