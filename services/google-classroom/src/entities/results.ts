import { DateTime, Flag, Id, mayHave, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import type { EntityValue } from '@flotilla/substrate/model';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { oneSubmission, submissionsOf } from '../paths.ts';
import { idFrom, joinIds } from '../wire/joined-id.ts';
import { asMetadata } from '../wire/metadata.ts';
import { resultWrite } from '../write-back/result-write.ts';

const Submission = z.object({
  courseId: Id,
  courseWorkId: Id,
  id: Id,
  userId: Id,
  state: optional(Text),
  late: optional(Flag),
  ...mayHave(Numeric, 'draftGrade', 'assignedGrade'),
  updateTime: optional(DateTime),
  submissionHistory: optional(
    z.array(
      z.object({
        gradeHistory: optional(
          z.object({ gradeTimestamp: optional(DateTime), gradeChangeType: optional(Text) }),
        ),
      }),
    ),
  ),
  // What the connection says: which of the two grades counts.
  isDraftGrade: z.boolean().default(false),
});
type Submission = z.output<typeof Submission>;

/** Students' submissions, of which every student of the course has one for each piece of work from the beginning. */
export const results = defineEntity({
  entityType: 'result',
  within: 'class',
  collection: submissionsOf,
  one: oneSubmission,
  write: resultWrite,
  wire: Submission,
  idOf: idFrom('courseId', 'courseWorkId', 'id'),
  read: (submission) => {
    const { courseId, courseWorkId, id, draftGrade, assignedGrade } = submission;
    const score = submission.isDraftGrade ? (draftGrade ?? assignedGrade) : assignedGrade;
    return [
      {
        id: joinIds(courseId, courseWorkId, id),
        value: {
          status: 'active',
          lineItemSourcedId: joinIds(courseId, courseWorkId),
          studentSourcedId: submission.userId,
          classSourcedId: courseId,
          scoreStatus: scoreStatusOf(submission),
          // False is left out.
          late: submission.late ?? false,
          ...present({
            score,
            scoreDate: score === undefined ? undefined : gradedOn(submission),
            dateLastModified: submission.updateTime,
          }),
          ...asMetadata({
            draftGrade: draftGrade === assignedGrade || draftGrade === score ? undefined : draftGrade,
          }),
        },
      },
    ];
  },
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
  const moments = submissionHistory.flatMap(({ gradeHistory }) =>
    gradeHistory?.gradeChangeType === kind && gradeHistory.gradeTimestamp !== undefined
      ? [Date.parse(gradeHistory.gradeTimestamp)]
      : [],
  );
  return moments.length === 0 ? undefined : new Date(Math.max(...moments)).toISOString().slice(0, 10);
}
