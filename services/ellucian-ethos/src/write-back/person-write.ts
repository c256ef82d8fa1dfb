import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type { EntityValue } from '@flotilla/substrate/model';
import { legalName } from '../wire/names.ts';
import { preferredOf } from '../wire/record.ts';
import { listIn, writeTo } from './write-to.ts';

type User = EntityValue<'user'>;
type Marked = JsonObject & { readonly preference?: string };
type Named = Marked & { readonly type?: { readonly category?: string }; readonly lastNamePrefix?: string };

/**
 * Pure. Persons: the legal name and the email. Roles are sent with new ones only: what makes a known person a student or an instructor are
 * other resources of the ERP.
 */
export const personWrite = writeTo<'user'>('persons', {
  members: ['givenName', 'familyName', 'middleName', 'email'],
  wire: ({ value }, own) => ({ names: namesOf(value, own), emails: emailsOf(value, own) }),
  created: ({ value: { roles } }) => ({
    roles:
      roles.length === 0
        ? undefined
        : roles.map(({ role }) => ({ role: words[role] ?? role.replace(/^ext:/, '') })),
  }),
  criteria: ({ givenName, familyName }) => ({ names: [{ firstName: givenName, lastName: familyName }] }),
  identity: ['givenName', 'familyName', 'email'],
});

const words: Readonly<Record<string, string>> = { teacher: 'instructor' };

/** In the place of the one that was read. Empty texts empty a member, whether the ERP replaces records or takes over what is sent. */
function namesOf({ givenName, middleName = '', familyName }: User, { names }: JsonObject): JsonValue {
  const list = listIn<Named>(names);
  const known = legalName(list);
  const prefix = known?.lastNamePrefix;
  const isPrefixed = prefix !== undefined && familyName.startsWith(`${prefix} `);
  const written = {
    ...(known ?? { type: { category: 'legal' }, preference: 'preferred' }),
    fullName: [givenName, middleName, familyName].filter((part) => part !== '').join(' '),
    firstName: givenName,
    middleName,
    lastName: isPrefixed ? familyName.slice(prefix.length + 1) : familyName,
    ...(prefix === undefined || isPrefixed ? {} : { lastNamePrefix: '' }),
  };
  return known === undefined ? [written] : list.map((each) => (each === known ? written : each));
}

/** Before the others, in place of the one that was read. */
function emailsOf({ email }: User, { emails }: JsonObject): JsonValue | undefined {
  const list = listIn<Marked>(emails);
  const known = preferredOf(list);
  if (known === undefined && email === undefined) return emails;
  const written = { type: { emailType: 'school' }, preference: 'primary', ...known, address: email ?? '' };
  return [...(email === undefined ? [] : [written]), ...list.filter((each) => each !== known)];
}
