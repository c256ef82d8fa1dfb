import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type { EntityValue } from '@flotilla/substrate/model';
import type { EntityWrite } from '@flotilla/substrate/vendor';
import { type Connection, gradebook } from '../paths.ts';

const fields = { score: 'grade_points', textScore: 'grade', comment: 'grade_comment' } as const;
type Field = keyof typeof fields;

/**
 * Pure. Grades are changes of a submission, of which every student has one from the beginning. They are not returned to the student: that
 * is a teacher's act, and a request of its own.
 */
export const resultWrite: EntityWrite<'result', Connection> = {
  members: [...(Object.keys(fields) as Field[]), 'late', 'missing'],
  update: ({ id, value, changed, latest = {} }, connection) => {
    const taken = changed.filter((name): name is Field => name in fields);
    const isFlagged = changed.includes('late') || changed.includes('missing');
    return {
      method: 'PATCH',
      path: gradebook.submissions.one(id, connection).path,
      json: {
        // Null empties one.
        ...Object.fromEntries(taken.map((name) => [fields[name], value[name] ?? null])),
        ...(isFlagged ? { flags: flagsOf(value, latest) } : {}),
      },
      idempotent: true,
    };
  },
};

/** The list whole, with those flags in it that are not ours to set. */
function flagsOf({ late, missing }: EntityValue<'result'>, { flags }: JsonObject): JsonValue {
  const others = Array.isArray(flags) ? flags.filter((flag) => flag !== 'late' && flag !== 'missing') : [];
  return [...others, ...(late === true ? ['late'] : []), ...(missing === true ? ['missing'] : [])];
}
