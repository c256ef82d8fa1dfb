import { DateTime, Flag, Id, mayHave, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import type { EntityValue } from '@flotilla/substrate/model';
import { at, defineEntity, joined, together } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { oneSubmission, submissionsOf } from '../paths.ts';
import { shapeOf } from '../wire/record.ts';
import { resultWrite } from '../write-back/result-write.ts';

const Grade = z.object({ gradeTimestamp: optional(DateTime), gradeChangeType: optional(Text) });

/** Which of the two grades counts the connection says. */
const Submission = z.object({
  state: optional(Text),
  ...mayHave(Numeric, 'draftGrade', 'assignedGrade'),
  submissionHistory: optional(z.array(z.object({ gradeHistory: optional(Grade) }))),
  isDraftGrade: z.boolean().default(false),
});
type Submission = z.output<typeof Submission>;

const Graded = Submission.transform((submission) => {
  const { draftGrade, assignedGrade, isDraftGrade } = submission;
  const score = isDraftGrade ? (draftGrade ?? assignedGrade) : assignedGrade;
  const isTold = draftGrade === undefined || draftGrade === assignedGrade || draftGrade === score;
  return {
    scoreStatus: scoreStatusOf(submission),
    score,
    scoreDate: score === undefined ? undefined : gradedOn(submission),
    metadata: isTold ? undefined : { draftGrade },
  };
});

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
    // False is left out.
    late: optional(Flag).transform((late = false) => late),
    ...together('', Graded, 'scoreStatus', 'score', 'scoreDate', 'metadata'),
  }),
  within: 'class',
  collection: submissionsOf,
  one: oneSubmission,
  write: resultWrite,
});

function scoreStatusOf({
  state,
  draftGrade,
  assignedGrade,
}: Submission): EntityValue<'result'>['scoreStatus'] {
  if (assignedGrade !== undefined) return 'fully graded';
  if (draftGrade !== undefined) return 'partially graded';
  return state === 'TURNED_IN' || state === 'RETURNED' ? 'submitted' : 'not submitted';
}

/** The day, in UTC, on which the grade that counts was last set. */
function gradedOn({ isDraftGrade, submissionHistory = [] }: Submission): string | undefined {
  const kind = isDraftGrade ? 'DRAFT_GRADE_POINTS_EARNED_CHANGE' : 'ASSIGNED_GRADE_POINTS_EARNED_CHANGE';
  const moments = submissionHistory
    .filter(({ gradeHistory }) => gradeHistory?.gradeChangeType === kind)
    .flatMap(({ gradeHistory }) => gradeHistory?.gradeTimestamp ?? []);
  // All of them are spelled alike, so the greatest text is the last moment.
  return moments.toSorted().at(-1)?.slice(0, 10);
}
