import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { oneOf, rostering } from '../paths.ts';
import { envelope, enveloped, readEnveloped, sourcedIdOf } from '../wire/envelope.ts';
import { DateOnly, optional, Reference, Truth, word } from '../wire/lenient.ts';

export const enrollments = defineEntity({
  entityType: 'enrollment',
  collection: rostering('enrollments'),
  one: oneOf(rostering('enrollments'), 'enrollment'),
  wire: enveloped(
    z.object({
      ...envelope,
      user: Reference,
      class: Reference,
      school: optional(Reference),
      // 1.1 also has the roles of people around a student.
      role: word(['administrator', 'aide', 'guardian', 'parent', 'proctor', 'student', 'teacher']),
      primary: optional(Truth),
      beginDate: optional(DateOnly),
      endDate: optional(DateOnly),
    }),
  ),
  idOf: sourcedIdOf,
  read: readEnveloped((enrollment) =>
    present({
      userSourcedId: enrollment.user,
      classSourcedId: enrollment.class,
      schoolSourcedId: enrollment.school,
      role: enrollment.role,
      primary: enrollment.primary,
      beginDate: enrollment.beginDate,
      endDate: enrollment.endDate,
    }),
  ),
});
