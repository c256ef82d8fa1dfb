import { defineEntity, present } from '@flotilla/substrate/vendor';
import { assignmentAt, assignmentsOf, type Connection } from '../paths.ts';
import { Assignment, idInSection, isForSection, overrideOf } from '../wire/assignment.ts';
import { commonOf, joinIds } from '../wire/record.ts';
import { lineItemWrite } from '../write-back/line-item-write.ts';

/**
 * Assignments. Canvas has them of a course; here each class has its own, as everywhere else: one for each section that it is there for,
 * with that section's dates.
 */
export const lineItems = defineEntity({
  entityType: 'lineItem',
  within: 'class',
  collection: (_: Connection, classId) => assignmentsOf(classId),
  one: assignmentAt,
  write: lineItemWrite,
  wire: Assignment,
  idOf: idInSection,
  read: (assignment) => {
    if (!isForSection(assignment)) return [];
    const { id, course_id, section_id, grading_type, workflow_state, assignment_group_id } = assignment;
    const { due_at, unlock_at } = { ...assignment, ...overrideOf(assignment) };
    const further = {
      grading_type: grading_type === 'points' ? undefined : grading_type,
      workflow_state: workflow_state === 'published' ? undefined : workflow_state,
    };
    const value = {
      ...commonOf(assignment, further),
      title: assignment.name,
      classSourcedId: joinIds(course_id, section_id),
      ...present({
        description: assignment.description,
        assignDate: unlock_at,
        dueDate: due_at,
        categorySourcedId: assignment_group_id && joinIds(course_id, assignment_group_id),
        resultValueMax: assignment.points_possible,
      }),
    };
    return [{ id: joinIds(course_id, section_id, id), value }];
  },
});
