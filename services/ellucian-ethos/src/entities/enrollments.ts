import { DateOnly, optional, Text, word, wordAs } from '@flotilla/substrate/lenient';
import { always, at, below, defineEntity, demand, metadataOf, recordShape } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import type { Connection } from '../connection.ts';
import { listOf, readAmong } from '../representation.ts';
import { common, Guid, idOf, Known } from '../wire/record.ts';
import { writeTo } from '../write-back/write-to.ts';

const registration = {
  userSourcedId: at(idOf('registrant'), Guid),
  classSourcedId: at(idOf('section'), Guid),
  role: always('student'),
  beginDate: at('involvement.startOn', optional(DateOnly)),
  endDate: at('involvement.endOn', optional(DateOnly)),
};
const written = ['userSourcedId', 'classSourcedId', 'beginDate', 'endDate'] as const;

const registered = { registrationStatus: 'registered', sectionRegistrationStatusReason: 'registered' };
const dropped = { registrationStatus: 'notRegistered', sectionRegistrationStatusReason: 'dropped' };
const Dropped = z.object({ status: z.object({ registrationStatus: word('notRegistered') }) });

const registrationShape = recordShape({
  ...common,
  // Dropped and withdrawn: whoever has left the class is not in it, though the transcript remembers.
  isDeleted: (record) => Dropped.safeParse(record).success,
  status: at('status.registrationStatus', wordAs({ registered: 'active' })),
  metadata: metadataOf({ academicLevel: Known }),
});

const prefix = 'instructor-';

/** The canonical id of an instructor's assignment to a section: nothing in a GUID says that it is no registration's. */
export function instructorId(id: string): string {
  return `${prefix}${id}`;
}

const IsPrimary = optional(Text).transform((role) => (role === undefined ? role : role === 'primary'));

const assignmentShape = recordShape({ ...common, id: at('id', Guid.transform(instructorId)) });

/** Students by their registrations, teachers by their assignments: two resources, and so the ids of the latter begin otherwise. */
export const enrollments = defineEntity({
  ...readAmong('enrollment', {
    'section-registrations': registrationShape('enrollment', registration),
    'section-instructors': assignmentShape('enrollment', {
      userSourcedId: at(idOf('instructor'), Guid),
      classSourcedId: at(idOf('section'), Guid),
      role: always('teacher'),
      primary: at('instructorRole', IsPrimary),
      beginDate: at('workStartOn', optional(DateOnly)),
      endDate: at('workEndOn', optional(DateOnly)),
    }),
  }),
  one: (id, connection: Connection) => {
    const resource = id.startsWith(prefix) ? 'section-instructors' : 'section-registrations';
    return { ...below(listOf(resource, connection), id.replace(prefix, '')), implied: { resource } };
  },
  // A deletion drops the student from the section: the ERP keeps the registration, for transcripts. Who teaches is assigned in the ERP.
  write: writeTo<'enrollment'>('section-registrations', {
    members: [...written, 'role'],
    refusal: ({ role }) => (role === 'student' ? undefined : 'Only registrations of students are written'),
    table: registration,
    written,
    created: ({ value: { metadata }, at: day }, connection) => {
      const level = metadata?.academicLevel ?? connection.academicLevel;
      const academicLevel = { id: demand(level, 'academicLevel, in the metadata or the connection') };
      return { academicLevel, status: registered, statusDate: day?.slice(0, 10) };
    },
    removed: ({ at: day }) => ({ status: dropped, statusDate: day?.slice(0, 10) }),
    criteria: ({ classSourcedId }) => ({ section: { id: classSourcedId } }),
    identity: ['userSourcedId', 'classSourcedId'],
  }),
});
