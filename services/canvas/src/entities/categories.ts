import { Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { at, defineEntity, joined, splitId } from '@flotilla/substrate/vendor';
import { type Connection, implied, resource } from '../paths.ts';
import { shapeOf } from '../wire/record.ts';

/** Of a course, or one of them: they do not say of which course they are. */
function groups(connection: Connection, id: string) {
  const [courseId = '', ...groupId] = splitId(id);
  return resource(['courses', courseId, 'assignment_groups', ...groupId], implied(connection, courseId));
}

/** Assignment groups. */
export const categories = defineEntity({
  ...shapeOf(joined('course_id', 'id'))('category', {
    title: at('name', Text),
    weight: at('group_weight', optional(Numeric)),
  }),
  within: 'course',
  collection: groups,
  one: (id, connection) => groups(connection, id),
});
