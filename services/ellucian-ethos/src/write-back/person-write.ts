import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type { EntityValue } from '@flotilla/substrate/model';
import type { EntityWrite } from '@flotilla/substrate/vendor';
import type { Connection } from '../connection.ts';
import { listOf } from '../representation.ts';
import { legalName } from '../wire/names.ts';
import { preferredOf } from '../wire/record.ts';
import { idIn, objectsOf, post, put } from './write-request.ts';

type User = EntityValue<'user'>;

/**
 * Pure. Persons: the legal name and the email. Roles are sent with new ones only: what makes a known person a student or an instructor are
 * other resources of the ERP.
 */
export const personWrite: EntityWrite<'user', Connection> = {
  members: ['givenName', 'familyName', 'middleName', 'email'],
  create: ({ value }, connection) =>
    post('persons', { ...membersOf(value, {}), roles: rolesOf(value) }, connection),
  update: ({ id, value, latest = {} }, connection) =>
    put('persons', id, latest, membersOf(value, latest), connection),
  assignment: {
    idIn,
    where: ({ value }, connection) =>
      listOf('persons', connection, {
        names: [{ firstName: value.givenName, lastName: value.familyName }],
      }),
    identity: ['givenName', 'familyName', 'email'],
  },
};

function membersOf(value: User, latest: JsonObject) {
  const names = objectsOf(latest.names) as readonly Named[];
  const known = legalName(names);
  const name = {
    ...(known ?? { type: { category: 'legal' }, preference: 'preferred' }),
    ...nameOf(value, known),
  };
  return {
    names: (known === undefined ? [name] : names.map((each) => (each === known ? name : each))) as JsonValue,
    emails: emailsOf(value, latest),
  };
}

type Named = JsonObject & {
  readonly type?: { readonly category?: string | undefined };
  readonly preference?: string;
  readonly lastNamePrefix?: string;
};

const words: Readonly<Record<string, string>> = { student: 'student', teacher: 'instructor' };

function rolesOf({ roles }: User): JsonValue | undefined {
  const held = roles.map(({ role }) => ({ role: words[role] ?? role.replace(/^ext:/, '') }));
  return held.length === 0 ? undefined : held;
}

/** Empty texts empty a member, whether the ERP replaces records or takes over what is sent. */
function nameOf({ givenName, middleName = '', familyName }: User, known: Named | undefined) {
  const prefix = known?.lastNamePrefix;
  const isPrefixed = prefix !== undefined && familyName.startsWith(`${prefix} `);
  const parts = [givenName, middleName, familyName].filter((part) => part !== '');
  return {
    fullName: parts.join(' '),
    firstName: givenName,
    middleName,
    lastName: isPrefixed ? familyName.slice(prefix.length + 1) : familyName,
    ...(prefix === undefined || isPrefixed ? {} : { lastNamePrefix: '' }),
  };
}

/** In the place of the one that was read. */
function emailsOf({ email }: User, { emails }: JsonObject): JsonValue | undefined {
  const list = objectsOf(emails) as readonly (JsonObject & { readonly preference?: string })[];
  const known = preferredOf(list);
  if (known === undefined && email === undefined) return emails;
  const written = { type: { emailType: 'school' }, preference: 'primary', ...known, address: email ?? '' };
  const others = list.filter((each) => each !== known);
  return email === undefined ? others : [written, ...others];
}
