import { textAt } from '@flotilla/substrate/json/value-at';
import { Id, optional, Text } from '@flotilla/substrate/lenient';
import { at, defineEntity, metadataOf, present, unlessUsual } from '@flotilla/substrate/vendor';
import { ofAccount, resource } from '../paths.ts';
import { shapeOf } from '../wire/record.ts';
import { accountIdAt, sisIds, sisImport } from '../write-back/sis-import.ts';

export const courses = defineEntity({
  ...shapeOf()('course', {
    title: at('name', Text),
    courseCode: at('course_code', optional(Text)),
    orgSourcedId: at('account_id', optional(Id)),
    // In Canvas a course is given in one term, and nothing below it says so again.
    schoolYearSourcedId: at('enrollment_term_id', optional(Id)),
    metadata: metadataOf({ sis_course_id: optional(Text), workflow_state: unlessUsual('available') }),
  }),
  collection: () => ofAccount('courses'),
  one: (id) => resource(['courses', id]),
  write: sisImport<'course'>({
    members: ['title', 'courseCode', 'orgSourcedId', 'schoolYearSourcedId'],
    columns: (course) => {
      const { value, latest, changed } = course;
      // What is left blank stays as it is; where the course is new, it is the root account and the default term.
      const moves = (member: (typeof changed)[number]) =>
        value[member] !== undefined && (latest === undefined || changed.includes(member));
      return {
        course_id: sisIds.own('course', course),
        short_name: value.courseCode ?? value.title,
        long_name: value.title,
        ...(moves('orgSourcedId') ? { account_id: accountIdAt('/orgSourcedId', course) } : {}),
        ...(moves('schoolYearSourcedId') ? { term_id: sisIds.at('/schoolYearSourcedId', course) } : {}),
        // Active, a completed one would begin again; without its dates it would lose them.
        status: textAt('/workflow_state')(latest) === 'completed' ? 'completed' : 'active',
        start_date: textAt('/start_at')(latest),
        end_date: textAt('/end_at')(latest),
      };
    },
    where: ({ value }) =>
      ofAccount('courses', { query: present({ enrollment_term_id: value.schoolYearSourcedId }) }),
    identity: ['/metadata/sis_course_id'],
  }),
});
