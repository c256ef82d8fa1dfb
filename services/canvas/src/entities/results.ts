import { Flag, Id, mayHave, Numeric, optional, Text, wordAs } from '@flotilla/substrate/lenient';
import { at, defineEntity, type EntityWrite, joined, zonedDay } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { type Connection, implied, ofSection, submission } from '../paths.ts';
import { shapeOf } from '../wire/record.ts';

const State = wordAs({
  unsubmitted: 'not submitted',
  submitted: 'submitted',
  // A quiz with questions that a person has to grade.
  pending_review: 'partially graded',
  graded: 'fully graded',
});

const Status = z
  .object({ workflow_state: State, ...mayHave(Flag, 'excused', 'grade_matches_current_submission') })
  .transform(({ workflow_state: state, excused, grade_matches_current_submission: isCurrent }) => {
    if (excused === true) return 'exempt' as const;
    // The student has handed in again since.
    return state === 'fully graded' && isCurrent === false ? ('partially graded' as const) : state;
  });

/** The grade, where it is more than the points as text. */
const Letter = z
  .object({ grade: optional(Text), score: optional(Numeric) })
  .transform(({ grade, score }) => (score !== undefined && Number(grade) === score ? undefined : grade));

const Comment = z.object({ author_id: optional(Id), comment: optional(Text) });

/** What somebody else than the student has said last; Canvas keeps the whole conversation. */
const Remark = z
  .object({ user_id: Id, submission_comments: optional(z.array(Comment)) })
  .transform(
    ({ user_id: id, submission_comments: all }) => all?.findLast((one) => one.author_id !== id)?.comment,
  );

const query = { 'include[]': 'submission_comments' };

/**
 * Pure. Grades are changes of a submission, of which every student has one. A form, as all of Canvas' documents have it. What is not sent
 * stays; a comment can only be added.
 */
const write: EntityWrite<'result', Connection> = {
  members: ['score', 'scoreStatus', 'comment', 'late', 'missing'],
  update: ({ id, value, changed, latest }) => {
    const form: Record<string, string> = {};
    // An empty grade takes away what was there.
    if (changed.includes('score')) form['submission[posted_grade]'] = String(value.score ?? '');
    const isExempt = value.scoreStatus === 'exempt';
    if (changed.includes('scoreStatus') && isExempt !== (latest?.['excused'] === true))
      form['submission[excuse]'] = String(isExempt);
    if (changed.includes('late') || changed.includes('missing'))
      form['submission[late_policy_status]'] =
        value.missing === true ? 'missing' : value.late === true ? 'late' : 'none';
    const isRemark = changed.includes('comment') && value.comment !== undefined;
    if (isRemark) form['comment[text_comment]'] = value.comment ?? '';
    // Sent twice, a comment is there twice.
    return { method: 'PUT', ...submission(id), form, idempotent: !isRemark };
  },
};

/** Submissions. Every student has one of each assignment from the beginning, with nothing in it. */
export const results = defineEntity({
  ...shapeOf(joined('course_id', 'section_id', 'assignment_id', 'user_id'))('result', {
    lineItemSourcedId: joined('course_id', 'section_id', 'assignment_id'),
    studentSourcedId: at('user_id', Id),
    classSourcedId: joined('course_id', 'section_id'),
    scoreStatus: at('', Status),
    score: optional(Numeric),
    textScore: at('', Letter),
    scoreDate: zonedDay('graded_at'),
    comment: at('', Remark),
    late: optional(Flag),
    missing: optional(Flag),
  }),
  within: 'class',
  collection: (connection: Connection, classId) =>
    ofSection(classId, ['students', 'submissions'], {
      query: { 'student_ids[]': 'all', ...query },
      ...implied(connection, classId),
    }),
  // Its id says of which student it is.
  one: (id, connection) => submission(id, { query, ...implied(connection, id) }),
  write,
});
