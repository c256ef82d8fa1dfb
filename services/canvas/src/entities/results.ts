import { DateTime, Flag, Id, mayHave, Numeric, optional, Text, wordAs } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { at, type Connection, zoneOf } from '../paths.ts';
import { commonOf, joinIds, splitId } from '../wire/record.ts';
import { dayIn, zoned } from '../wire/zone.ts';
import { resultWrite } from '../write-back/result-write.ts';

const Comment = z.object({
  author_id: optional(Id),
  comment: optional(Text),
  created_at: optional(DateTime),
});

/** Whose submission it is: the id that Canvas knows it by is the student's. */
const Placed = z.object({ course_id: Id, section_id: Id, assignment_id: Id, user_id: Id });

const Submission = Placed.extend({
  workflow_state: wordAs({
    unsubmitted: 'not submitted',
    submitted: 'submitted',
    // A quiz with questions that a person has to grade.
    pending_review: 'partially graded',
    graded: 'fully graded',
  }),
  score: optional(Numeric),
  grade: optional(Text),
  graded_at: optional(DateTime),
  // False where the student has handed in again since.
  ...mayHave(Flag, 'grade_matches_current_submission', 'excused', 'late', 'missing'),
  submission_comments: optional(z.array(Comment)),
  ...zoned,
});
type Submission = z.output<typeof Submission>;

const commented = { 'include[]': 'submission_comments' };

/** Submissions. Every student has one of each assignment from the beginning, with nothing in it. */
export const results = defineEntity({
  entityType: 'result',
  within: 'class',
  collection: (connection: Connection, classId) => {
    const [courseId = '', sectionId = classId] = splitId(classId);
    return at(['sections', sectionId, 'students', 'submissions'], {
      query: { 'student_ids[]': 'all', ...commented },
      implied: { course_id: courseId, section_id: sectionId, ...zoneOf(connection) },
    });
  },
  one: (id, connection) => {
    const [courseId = '', sectionId = '', assignmentId = '', userId = ''] = splitId(id);
    return at(['sections', sectionId, 'assignments', assignmentId, 'submissions', userId], {
      query: commented,
      implied: { course_id: courseId, section_id: sectionId, ...zoneOf(connection) },
    });
  },
  write: resultWrite,
  wire: Submission,
  idOf: (record) => {
    const { data } = Placed.safeParse(record);
    return data && joinIds(data.course_id, data.section_id, data.assignment_id, data.user_id);
  },
  read: ({ course_id, section_id, assignment_id, user_id, ...submission }) => [
    {
      id: joinIds(course_id, section_id, assignment_id, user_id),
      value: {
        ...commonOf({}),
        lineItemSourcedId: joinIds(course_id, section_id, assignment_id),
        studentSourcedId: user_id,
        classSourcedId: joinIds(course_id, section_id),
        scoreStatus: statusOf(submission),
        ...present({
          score: submission.score,
          textScore: letterOf(submission),
          scoreDate: dayIn(submission.graded_at, submission.time_zone),
          comment: lastRemark(user_id, submission.submission_comments),
          late: submission.late,
          missing: submission.missing,
        }),
      },
    },
  ],
});

type Graded = Omit<Submission, keyof z.output<typeof Placed>>;

function statusOf({ workflow_state: state, excused, grade_matches_current_submission: isCurrent }: Graded) {
  if (excused === true) return 'exempt';
  return state === 'fully graded' && isCurrent === false ? 'partially graded' : state;
}

/** The grade, where it is more than the points as text. */
function letterOf({ grade, score }: Graded): string | undefined {
  return grade === undefined || (score !== undefined && Number(grade) === score) ? undefined : grade;
}

/** What somebody else than the student has said last; Canvas keeps the whole conversation. */
function lastRemark(
  studentId: string,
  comments: readonly z.output<typeof Comment>[] = [],
): string | undefined {
  return comments.findLast(({ author_id }) => author_id !== studentId)?.comment;
}
