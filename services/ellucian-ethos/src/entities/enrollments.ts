import { isJsonObject } from '@flotilla/substrate/json/json-value';
import { DateOnly, optional, word } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import type { Connection } from '../connection.ts';
import { oneOf, readEach } from '../representation.ts';
import { commonOf, envelope, idOf, instructorId, instructorIn, maybe, Reference } from '../wire/record.ts';
import { registrationWrite } from '../write-back/registration-write.ts';

const resources = ['section-registrations', 'section-instructors'] as const;

const Registration = z.object({
  ...envelope,
  resource: z.literal('section-registrations'),
  registrant: Reference,
  section: Reference,
  academicLevel: maybe(Reference),
  status: z.object({ registrationStatus: word('registered', 'notRegistered') }),
  involvement: maybe(z.object({ startOn: optional(DateOnly), endOn: optional(DateOnly) })),
});

const Assignment = z.object({
  ...envelope,
  resource: z.literal('section-instructors'),
  instructor: Reference,
  section: Reference,
  instructorRole: optional(z.string()),
  workStartOn: optional(DateOnly),
  workEndOn: optional(DateOnly),
});

/** Students by their registrations, teachers by their assignments: two resources, and so the ids of the latter begin otherwise. */
export const enrollments = defineEntity({
  entityType: 'enrollment',
  ...readEach(resources),
  one: (id, connection: Connection) => {
    const own = instructorIn(id);
    const resource = own === undefined ? resources[0] : resources[1];
    return { ...oneOf(resource, own ?? id, connection), implied: { resource } };
  },
  wire: z.preprocess(
    (record) => (isJsonObject(record) ? { ...record, resource: resourceOf(record) } : record),
    z.discriminatedUnion('resource', [Registration, Assignment]),
  ),
  idOf: (record) => {
    const id = idOf(record);
    return id === undefined || resourceOf(record) === resources[0] ? id : instructorId(id);
  },
  read: (record) => {
    if (record.resource === 'section-registrations') {
      const { id, registrant, section, status, involvement, academicLevel } = record;
      // Dropped and withdrawn: whoever has left the class is not in it, though the transcript remembers.
      if (status.registrationStatus === 'notRegistered') return [{ id, deleted: true }];
      const value = present({
        ...commonOf(record),
        metadata: academicLevel === undefined ? undefined : { academicLevel },
        userSourcedId: registrant,
        classSourcedId: section,
        role: 'student' as const,
        beginDate: involvement?.startOn,
        endDate: involvement?.endOn,
      });
      return [{ id, value }];
    }
    const { id, instructor, section, instructorRole, workStartOn, workEndOn } = record;
    const value = present({
      ...commonOf(record),
      userSourcedId: instructor,
      classSourcedId: section,
      role: 'teacher' as const,
      primary: instructorRole === undefined ? undefined : instructorRole === 'primary',
      beginDate: workStartOn,
      endDate: workEndOn,
    });
    return [{ id: instructorId(id), value }];
  },
  write: registrationWrite,
});

/** As the list says of which it is; of a record from elsewhere its members tell. */
function resourceOf(record: unknown): (typeof resources)[number] {
  const { resource, instructor } = record as Record<string, unknown>;
  const isAssignment = resource === undefined ? instructor !== undefined : resource === resources[1];
  return isAssignment ? resources[1] : resources[0];
}
