import { listOf, mayHave, optional, Text } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { readPersons } from '../representation.ts';
import { familyNameOf, legalName, Names } from '../wire/names.ts';
import { commonOf, envelope, idOf, maybe, preferredOf, Trimmed } from '../wire/record.ts';
import { personWrite } from '../write-back/person-write.ts';

const Phone = z.object({
  type: maybe(z.object(mayHave(Text, 'phoneType'))),
  ...mayHave(Trimmed, 'preference', 'countryCallingCode'),
  number: Trimmed,
});

const Person = z.object({
  ...envelope,
  names: Names,
  dateDeceased: optional(Text),
  roles: listOf(z.object({ role: Text })),
  credentials: listOf(z.object({ type: Text, value: Text })),
  emails: listOf(z.object({ preference: optional(Text), address: Trimmed })),
  phones: listOf(Phone),
});
type Person = z.output<typeof Person>;

export const users = defineEntity({
  entityType: 'user',
  ...readPersons,
  wire: Person,
  idOf,
  read: (person) => {
    const name = legalName(person.names) ?? {};
    const preferred = person.names.find(({ preference }) => preference === 'preferred');
    const mobiles = person.phones?.filter(({ type }) => type?.phoneType === 'mobile');
    const others = person.phones?.filter(({ type }) => type?.phoneType !== 'mobile');
    const value = present({
      ...commonOf(person),
      enabledUser: person.dateDeceased === undefined,
      givenName: name.firstName ?? '',
      familyName: familyNameOf(name),
      middleName: name.middleName,
      preferredFirstName: differing(preferred?.firstName, name.firstName),
      preferredMiddleName: differing(preferred?.middleName, name.middleName),
      preferredLastName: differing(preferred?.lastName, name.lastName),
      username: credential(person, 'bannerUserName') ?? credential(person, 'colleagueUserName'),
      identifier: credential(person, 'bannerId') ?? credential(person, 'colleaguePersonId'),
      userIds: userIdsOf(person),
      email: preferredOf(person.emails)?.address,
      phone: numberOf(preferredOf(others)),
      sms: numberOf(preferredOf(mobiles)),
      roles: rolesOf(person),
    });
    return [{ id: person.id, value }];
  },
  write: personWrite,
});

function differing(preferred: string | undefined, legal: string | undefined): string | undefined {
  return preferred === legal ? undefined : preferred;
}

/** Undefined where somebody has several of a kind. */
function credential({ credentials = [] }: Person, type: string): string | undefined {
  const found = credentials.filter((each) => each.type === type);
  return found.length === 1 ? found[0]?.value : undefined;
}

/** Never read: what proves a person to the state, and to nobody else. */
const secret: readonly string[] = ['ssn', 'sin', 'taxIdentificationNumber'];

function userIdsOf({ credentials = [] }: Person) {
  const ids = credentials
    .filter(({ type }) => !secret.includes(type) && !type.endsWith('UserName'))
    .map(({ type, value }) => ({ type, identifier: value }));
  return ids.length === 0 ? undefined : ids;
}

function numberOf(phone: z.output<typeof Phone> | undefined): string | undefined {
  const { countryCallingCode: country, number } = phone ?? {};
  return country === undefined ? number : `${country} ${number}`;
}

const roles = { student: 'student', instructor: 'teacher' } as const;

/** At no org: of whom somebody is a student or an instructor, nobody says here. Employees may be anything. */
function rolesOf({ roles: held = [] }: Person) {
  return held.map(({ role }, at) => ({
    roleType: at === 0 ? ('primary' as const) : ('secondary' as const),
    role: Object.hasOwn(roles, role) ? roles[role as keyof typeof roles] : (`ext:${role}` as const),
  }));
}
