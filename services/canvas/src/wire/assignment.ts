import { DateTime, Flag, Id, mayHave, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { z } from 'zod';
import { dated, joinIds } from './record.ts';

/** For whom an assignment is there, or has other dates: a section, a group, or some students. */
const Override = z.object({
  course_section_id: optional(Id),
  // Absent where it is that of the assignment; null where there is none.
  due_at: optional(DateTime).optional(),
  unlock_at: optional(DateTime).optional(),
});

/** An assignment as one section has it: `section_id` is the section whose list it was read for. */
export const Assignment = z.object({
  id: Id,
  course_id: Id,
  section_id: Id,
  ...dated,
  name: Text,
  ...mayHave(Text, 'description', 'grading_type', 'workflow_state'),
  ...mayHave(DateTime, 'due_at', 'unlock_at'),
  points_possible: optional(Numeric),
  assignment_group_id: optional(Id),
  only_visible_to_overrides: optional(Flag),
  overrides: optional(z.array(Override)),
});
export type Assignment = z.output<typeof Assignment>;

type Placed = Pick<Assignment, 'section_id' | 'only_visible_to_overrides' | 'overrides'>;

/**
 * Pure. Whether it is there for the section. One that is there only for others' sections is not; one for a group or for some students may be,
 * and then their grades are.
 */
export function isForSection({ section_id, only_visible_to_overrides, overrides = [] }: Placed): boolean {
  if (only_visible_to_overrides !== true) return true;
  return overrides.some(({ course_section_id: id }) => id === undefined || id === section_id);
}

/** Pure. What holds for the section alone. */
export function overrideOf({ section_id, overrides = [] }: Placed): z.output<typeof Override> | undefined {
  return overrides.find(({ course_section_id }) => course_section_id === section_id);
}

const Identified = Assignment.pick({
  id: true,
  course_id: true,
  section_id: true,
  only_visible_to_overrides: true,
  overrides: true,
});

/** The id of an assignment that could not be read; none where it is not there for the section. */
export function idInSection(record: unknown): string | undefined {
  const { data } = Identified.safeParse(record);
  if (data === undefined || !isForSection(data)) return undefined;
  return joinIds(data.course_id, data.section_id, data.id);
}
