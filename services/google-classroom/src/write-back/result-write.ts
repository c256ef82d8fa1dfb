import type { EntityWrite } from '@flotilla/substrate/vendor';
import { type Connection, oneSubmission } from '../paths.ts';

/**
 * Pure. Grades are members of a submission that is there already. A grade that counts is set as the draft too, or teachers would see an old
 * draft beside it; whether work is returned is the teacher's to say.
 */
export const resultWrite: EntityWrite<'result', Connection> = {
  members: ['score'],
  update: ({ id, value: { score } }, connection) => {
    const grades = connection.gradebook === 'draft' ? ['draftGrade'] : ['draftGrade', 'assignedGrade'];
    return {
      method: 'PATCH',
      path: oneSubmission(id, connection).path,
      query: { updateMask: grades.join(',') },
      json: score === undefined ? {} : Object.fromEntries(grades.map((name) => [name, score])),
      idempotent: true,
    };
  },
};
