import { Failure } from '@flotilla/substrate/failure';
import type { EntityValue } from '@flotilla/substrate/model';
import { type EntityWrite, present } from '@flotilla/substrate/vendor';
import type { Connection } from '../connection.ts';
import { listOf } from '../representation.ts';
import { demand, idIn, post, put } from './write-request.ts';

type Enrollment = EntityValue<'enrollment'>;

/**
 * Pure. Registrations of students. A deletion drops the student from the section: the ERP keeps the registration, for transcripts. Who
 * teaches is assigned in the ERP.
 */
export const registrationWrite: EntityWrite<'enrollment', Connection> = {
  members: ['userSourcedId', 'classSourcedId', 'role', 'beginDate', 'endDate'],
  create: ({ value, at }, connection) => {
    const { academicLevel = connection.academicLevel } = value.metadata ?? {};
    const members = {
      ...membersOf(value),
      academicLevel: { id: demand(academicLevel, 'academicLevel, in the metadata or the connection') },
      status: { registrationStatus: 'registered', sectionRegistrationStatusReason: 'registered' },
      statusDate: at?.slice(0, 10),
    };
    return post('section-registrations', members, connection);
  },
  update: ({ id, value, latest = {} }, connection) =>
    put('section-registrations', id, latest, membersOf(value), connection),
  remove: ({ id, value, latest = {}, at }, connection) => {
    assertStudent(value);
    const status = { registrationStatus: 'notRegistered', sectionRegistrationStatusReason: 'dropped' };
    return put('section-registrations', id, latest, { status, statusDate: at?.slice(0, 10) }, connection);
  },
  assignment: {
    idIn,
    where: ({ value }, connection) => ({
      ...listOf('section-registrations', connection, { section: { id: value.classSourcedId } }),
      implied: { resource: 'section-registrations' },
    }),
    identity: ['userSourcedId', 'classSourcedId'],
  },
};

function membersOf(value: Enrollment) {
  assertStudent(value);
  const { userSourcedId, classSourcedId, beginDate, endDate } = value;
  const involvement = present({ startOn: beginDate, endOn: endDate });
  return {
    registrant: { id: userSourcedId },
    section: { id: classSourcedId },
    involvement: Object.keys(involvement).length === 0 ? undefined : involvement,
  };
}

function assertStudent({ role }: Enrollment): void {
  if (role === 'student') return;
  throw new Failure('push_rejected', 'Only registrations of students are written to Ethos', {
    data: { role },
  });
}
