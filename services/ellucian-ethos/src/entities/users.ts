import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { listOf, maybe, mayHave, optional, Text, Trimmed } from '@flotilla/substrate/lenient';
import type { EntityValue } from '@flotilla/substrate/model';
import { at, defineEntity, rolesAt, theOnly, together, withElement } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { readPersons } from '../representation.ts';
import { type Marked, Names, writtenNames } from '../wire/names.ts';
import { preferredOf, shape } from '../wire/record.ts';
import { writeTo } from '../write-back/write-to.ts';

/** Never read: what proves a person to the state, and to nobody else. */
const secret: readonly string[] = ['ssn', 'sin', 'taxIdentificationNumber'];

const Credentials = listOf(z.object({ type: Text, value: Text })).transform((held = []) => {
  const only = (type: string) => theOnly(held.filter((each) => each.type === type))?.value;
  const ids = held.filter(({ type }) => !secret.includes(type) && !type.endsWith('UserName'));
  return {
    username: only('bannerUserName') ?? only('colleagueUserName'),
    identifier: only('bannerId') ?? only('colleaguePersonId'),
    userIds: ids.length === 0 ? undefined : ids.map(({ type, value }) => ({ type, identifier: value })),
  };
});

const Phone = z.object({
  type: maybe(z.object(mayHave(Text, 'phoneType'))),
  ...mayHave(Trimmed, 'preference', 'countryCallingCode'),
  number: Trimmed,
});
const Phones = listOf(Phone).transform((phones = []) => {
  const byKind = Map.groupBy(phones, ({ type }) => type?.phoneType === 'mobile');
  const numberOf = (phone?: z.output<typeof Phone>) =>
    phone && [phone.countryCallingCode, phone.number].filter((part) => part !== undefined).join(' ');
  return { phone: numberOf(preferredOf(byKind.get(false))), sms: numberOf(preferredOf(byKind.get(true))) };
});

const Email = z.object({ preference: optional(Text), address: Trimmed });
const Address = listOf(Email).transform((emails) => preferredOf(emails)?.address);

type User = EntityValue<'user'>;
type Role = User['roles'][number];
const words: Readonly<Record<string, Role['role']>> = { student: 'student', instructor: 'teacher' };

/** At no org: of whom somebody is a student or an instructor, nobody says here. Employees may be anything. */
const Roles = listOf(z.object({ role: Text })).transform((held = []) =>
  rolesAt(held.map(({ role }) => ({ role: words[role] ?? `ext:${role}` }))),
);

const preferred = ['preferredFirstName', 'preferredMiddleName', 'preferredLastName'] as const;
const IsAlive = optional(Text).transform((deceased) => deceased === undefined);

export const users = defineEntity({
  ...shape('user', {
    ...together('names', Names, 'familyName', 'givenName', 'middleName', ...preferred),
    ...together('credentials', Credentials, 'username', 'identifier', 'userIds'),
    ...together('phones', Phones, 'phone', 'sms'),
    email: at('emails', Address),
    roles: Roles,
    enabledUser: at('dateDeceased', IsAlive),
  }),
  ...readPersons,
  // Roles are sent with new ones only: what makes a known person a student or an instructor are other resources of the ERP.
  write: writeTo<'user'>('persons', {
    members: ['givenName', 'familyName', 'middleName', 'email'],
    besides: ({ value }, { names, emails }) => ({
      names: writtenNames(value, names),
      emails: withElement<Marked>(emails, preferredOf, (known) => emailOf(value, known)),
    }),
    created: ({ value: { roles } }) => {
      const held = roles.map(({ role }) => ({ role: wordOf(role) }));
      return { roles: held.length === 0 ? undefined : held };
    },
    criteria: ({ givenName, familyName }) => ({ names: [{ firstName: givenName, lastName: familyName }] }),
    identity: ['givenName', 'familyName', 'email'],
  }),
});

function emailOf({ email: address }: User, known?: Marked): JsonObject | undefined {
  if (address === undefined) return undefined;
  return { type: { emailType: 'school' }, preference: 'primary', ...known, address };
}

function wordOf(role: string): string {
  return role === 'teacher' ? 'instructor' : role.replace(/^ext:/, '');
}
