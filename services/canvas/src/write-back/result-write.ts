import type { EntityWrite } from '@flotilla/substrate/vendor';
import { type Connection, submission } from '../paths.ts';

/**
 * Pure. Grades are changes of a submission, of which every student has one. A form, as all of Canvas' documents have it. What is not sent
 * stays; a comment can only be added.
 */
export const resultWrite: EntityWrite<'result', Connection> = {
  members: ['score', 'scoreStatus', 'comment', 'late', 'missing'],
  update: ({ id, value, changed, latest }) => {
    const form: Record<string, string> = {};
    // An empty grade takes away what was there.
    if (changed.includes('score')) form['submission[posted_grade]'] = String(value.score ?? '');
    if (
      changed.includes('scoreStatus') &&
      (value.scoreStatus === 'exempt') !== (latest?.['excused'] === true)
    )
      form['submission[excuse]'] = String(value.scoreStatus === 'exempt');
    if (changed.includes('late') || changed.includes('missing'))
      form['submission[late_policy_status]'] =
        value.missing === true ? 'missing' : value.late === true ? 'late' : 'none';
    const isRemark = changed.includes('comment') && value.comment !== undefined;
    if (isRemark) form['comment[text_comment]'] = value.comment ?? '';
    // Sent twice, a comment is there twice.
    return { method: 'PUT', ...submission(id), form, idempotent: !isRemark };
  },
};
