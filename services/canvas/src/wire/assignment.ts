import { isJsonObject, type JsonObject } from '@flotilla/substrate/json/json-value';
import { DateTime, Flag, Id, mayHave, optional } from '@flotilla/substrate/lenient';
import { at } from '@flotilla/substrate/vendor';
import { z } from 'zod';

/** For whom an assignment is there, or has other dates: a section, a group, or some students. */
const Override = z.object({
  course_section_id: optional(Id),
  // Absent where it is that of the assignment; null where there is none.
  due_at: optional(DateTime).optional(),
  unlock_at: optional(DateTime).optional(),
});

/** An assignment as one section has it: `section_id` is the section whose list it was read for. */
const Assigned = z.object({
  section_id: Id,
  only_visible_to_overrides: optional(Flag),
  overrides: optional(z.array(Override)),
  ...mayHave(DateTime, 'due_at', 'unlock_at'),
});

/**
 * Pure. Whether it is there for the section. One that is there only for others' sections is not; one for a group or for some students may be,
 * and then their grades are. So may be one of which it cannot be read.
 */
export function isForSection(record: unknown): boolean {
  const { data } = Assigned.safeParse(record);
  if (data?.only_visible_to_overrides !== true) return true;
  const { section_id, overrides = [] } = data;
  return overrides.some(({ course_section_id: id }) => id === undefined || id === section_id);
}

/** For a table: a date as the section has it. */
export function dateIn(name: 'due_at' | 'unlock_at') {
  return at(
    '',
    Assigned.transform(({ section_id, overrides, ...assignment }) => {
      const own = overrides?.find((one) => one.course_section_id === section_id);
      return { ...assignment, ...own }[name];
    }),
    (moment) => ({ [name]: moment }),
  );
}

/** Pure. The overrides of an assignment, as Canvas has them; `own` is that of the section. */
export function overridesIn(latest: JsonObject | undefined) {
  const { overrides, section_id } = latest ?? {};
  const all = Array.isArray(overrides) ? overrides.filter((one) => isJsonObject(one)) : [];
  return { all, own: all.find((one) => Id.safeParse(one['course_section_id']).data === section_id) };
}
