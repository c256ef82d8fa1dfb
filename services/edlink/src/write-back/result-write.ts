import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type { EntityValue } from '@flotilla/substrate/model';
import { type EntityWrite, type Members, toWirePatch } from '@flotilla/substrate/vendor';
import { type Connection, gradebook } from '../paths.ts';

type Result = EntityValue<'result'>;

/**
 * Pure. Grades are changes of a submission, of which every student has one from the beginning. They are not returned to the student: that
 * is a teacher's act, and a request of its own.
 */
export function resultWrite(members: Partial<Members<Result>>): EntityWrite<'result', Connection> {
  return {
    members: [...(Object.keys(members) as (keyof Result)[]), 'late', 'missing'],
    update: (record, connection) => {
      const isFlagged = record.changed.includes('late') || record.changed.includes('missing');
      return {
        method: 'PATCH',
        path: gradebook.submissions.one(record.id, connection).path,
        json: {
          ...toWirePatch(members, record),
          ...(isFlagged ? { flags: flagsOf(record.value, record.latest) } : {}),
        },
        idempotent: true,
      };
    },
  };
}

/** The list whole, with those flags in it that are not ours to set. */
function flagsOf({ late, missing }: Result, { flags }: JsonObject = {}): JsonValue {
  const others = Array.isArray(flags) ? flags.filter((flag) => flag !== 'late' && flag !== 'missing') : [];
  return [...others, ...(late === true ? ['late'] : []), ...(missing === true ? ['missing'] : [])];
}
