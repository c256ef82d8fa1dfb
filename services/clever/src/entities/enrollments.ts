import { Id, optional } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { Ids } from '../wire/lenient.ts';
import { commonOf, head } from '../wire/record.ts';
import { classes } from './classes.ts';

/** Clever has no enrollments: they are the lists of people in its sections, and have ids of ours, made of both. */
export const enrollments = defineEntity({
  entityType: 'enrollment',
  from: 'class',
  collection: classes.collection,
  wire: z.object({ ...head, school: optional(Id), teacher: optional(Id), teachers: Ids, students: Ids }),
  // A section is as many enrollments as it has people.
  idOf: () => undefined,
  read: ({ id, school, teacher, teachers, students, ...section }) => {
    const common = { ...commonOf(section), classSourcedId: id, ...present({ schoolSourcedId: school }) };
    // The primary teacher is among the teachers, or should be.
    const teaching = [...new Set(teacher === undefined ? teachers : [teacher, ...teachers])];
    const enroll = (role: 'student' | 'teacher') => (user: string) => ({
      id: `${id}:${role}:${user}`,
      value: { ...common, role, userSourcedId: user, primary: role === 'teacher' && user === teacher },
    });
    return [...teaching.map(enroll('teacher')), ...students.map(enroll('student'))];
  },
});
