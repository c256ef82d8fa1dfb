import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { District, PersonRole } from '@flotilla/substrate/testing/district/district';
import { present } from '@flotilla/substrate/vendor';

/** Pure. A district as Example SIS would show it. Equal districts give equal records: nights are the difference of two of them. */
export function districtToRecords(district: District): Record<'orgs' | 'users', readonly JsonObject[]> {
  const { id: districtId, name, modifiedAt } = district;
  return {
    orgs: [
      { id: districtId, name, kind: 'district', updatedAt: modifiedAt },
      ...district.schools.map((school) => ({
        id: school.id,
        name: school.name,
        kind: 'school',
        number: school.number,
        districtId,
        updatedAt: modifiedAt,
      })),
    ],
    users: district.people.map((person) =>
      present({
        id: person.id,
        firstName: person.givenName,
        lastName: person.familyName,
        email: person.email,
        role: roles[person.role],
        grade: person.grade,
        badge: person.localId,
        orgIds: person.schoolIds.length === 0 ? [districtId] : [...person.schoolIds],
        updatedAt: person.modifiedAt,
      }),
    ),
  };
}

const roles: Readonly<Record<PersonRole, string>> = {
  student: 'student',
  teacher: 'teacher',
  principal: 'principal',
  'school-administrator': 'siteAdministrator',
  'district-administrator': 'districtAdministrator',
  guardian: 'guardian',
};
