import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import type { Connection } from '../connection.ts';
import { listOf, oneOf } from '../representation.ts';
import { optional, Text } from '../wire/lenient.ts';
import { familyNameOf, legalName, Names, preferredName } from '../wire/names.ts';
import { preferredOf } from '../wire/preferred.ts';
import { commonOf, envelope, idOf } from '../wire/record.ts';
import { personWrite } from '../write-back/person-write.ts';

/** Also of the demographics that stand in the same records. */
export const listPersons = (connection: Connection) => listOf('persons', connection);

const Phone = z.object({
  type: optional(z.object({ phoneType: optional(Text) })),
  preference: optional(Text),
  countryCallingCode: optional(Text),
  number: Text,
});

const Person = z.object({
  ...envelope,
  names: Names,
  dateDeceased: optional(Text),
  roles: optional(z.array(z.object({ role: Text }))),
  credentials: optional(z.array(z.object({ type: Text, value: Text }))),
  emails: optional(z.array(z.object({ preference: optional(Text), address: Text }))),
  phones: optional(z.array(Phone)),
});
type Person = z.output<typeof Person>;

export const users = defineEntity({
  entityType: 'user',
  collection: listPersons,
  one: (id, connection: Connection) => oneOf('persons', id, connection),
  wire: Person,
  idOf,
  read: (person) => {
    const name = legalName(person.names);
    const preferred = preferredName(person.names);
    const mobiles = person.phones?.filter(({ type }) => type?.phoneType === 'mobile');
    const others = person.phones?.filter(({ type }) => type?.phoneType !== 'mobile');
    const value = present({
      ...commonOf(person),
      enabledUser: person.dateDeceased === undefined,
      givenName: name?.firstName?.trim() ?? '',
      familyName: familyNameOf(name),
      middleName: name?.middleName?.trim(),
      preferredFirstName: differing(preferred?.firstName, name?.firstName),
      preferredMiddleName: differing(preferred?.middleName, name?.middleName),
      preferredLastName: differing(preferred?.lastName, name?.lastName),
      username: credential(person, 'bannerUserName') ?? credential(person, 'colleagueUserName'),
      identifier: credential(person, 'bannerId') ?? credential(person, 'colleaguePersonId'),
      userIds: userIdsOf(person),
      email: preferredOf(person.emails)?.address.trim(),
      phone: numberOf(preferredOf(others)),
      sms: numberOf(preferredOf(mobiles)),
      roles: rolesOf(person),
    });
    return [{ id: person.id, value }];
  },
  write: personWrite,
});

function differing(preferred: string | undefined, legal: string | undefined): string | undefined {
  return preferred === legal ? undefined : preferred?.trim();
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
  if (phone === undefined) return undefined;
  return [phone.countryCallingCode, phone.number].flatMap((part) => part?.trim() ?? []).join(' ');
}

const roles = { student: 'student', instructor: 'teacher' } as const;

/** At no org: of whom somebody is a student or an instructor, nobody says here. Employees may be anything. */
function rolesOf({ roles: held = [] }: Person) {
  return held.map(({ role }, at) => ({
    roleType: at === 0 ? ('primary' as const) : ('secondary' as const),
    role: Object.hasOwn(roles, role) ? roles[role as keyof typeof roles] : (`ext:${role}` as const),
  }));
}
