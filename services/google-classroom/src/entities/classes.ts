import { mayHave, Text } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { courseList, oneCourse } from '../paths.ts';
import { Course, commonOf } from '../wire/course.ts';
import { idFrom } from '../wire/joined-id.ts';
import { asMetadata } from '../wire/metadata.ts';

/** What Google calls a course. It says neither at which school it is, nor in which term. */
export const classes = defineEntity({
  entityType: 'class',
  from: 'course',
  collection: courseList,
  one: oneCourse,
  wire: Course.extend(mayHave(Text, 'section', 'room', 'ownerId', 'alternateLink')),
  idOf: idFrom('id'),
  read: ({ section, room, ownerId, alternateLink, ...course }) => {
    const { id, courseState, levels } = course;
    const common = commonOf(course);
    return [
      {
        id,
        value: {
          ...common,
          courseSourcedId: id,
          termSourcedIds: [],
          ...present({ classCode: section, location: room }),
          ...asMetadata({
            alternateLink,
            ownerId,
            courseState: courseState === 'ACTIVE' ? undefined : courseState,
            levels: common.grades === undefined ? levels : undefined,
          }),
        },
      },
    ];
  },
});
