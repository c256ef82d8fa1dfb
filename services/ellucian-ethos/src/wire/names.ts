import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import { maybe, mayHave, Text, Trimmed } from '@flotilla/substrate/lenient';
import type { EntityValue } from '@flotilla/substrate/model';
import { theOnly, withElement } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { preferredOf } from './record.ts';

const Name = z.object({
  type: maybe(z.object(mayHave(Text, 'category'))),
  ...mayHave(Trimmed, 'preference', 'fullName', 'firstName', 'middleName', 'lastNamePrefix', 'lastName'),
});
type Name = z.output<typeof Name>;

const oneCounts = 'of several names, one must be the legal or the preferred one';
const Counting = z.array(Name).refine((names) => legalName(names) !== undefined, oneCounts);

/** All names that somebody has or had (legal, birth, personal, chosen), as what a user is called by them. */
export const Names = Counting.transform((names) => {
  const { firstName, middleName, lastName, lastNamePrefix: prefix, fullName = '' } = legalName(names) as Name;
  const chosen = names.find(({ preference }) => preference === 'preferred');
  const unless = (known?: string, other?: string) => (other === known ? undefined : other);
  // Who has one name only has it in `fullName`.
  const last = lastName ?? (firstName === undefined ? fullName : '');
  return {
    givenName: firstName ?? '',
    // With what stands before it ("de la").
    familyName: prefix === undefined ? last : `${prefix} ${last}`,
    middleName,
    preferredFirstName: unless(firstName, chosen?.firstName),
    preferredMiddleName: unless(middleName, chosen?.middleName),
    preferredLastName: unless(lastName, chosen?.lastName),
  };
});

export type Marked = JsonObject & { readonly preference?: string };
type Named = Marked & { readonly type?: { readonly category?: string }; readonly lastNamePrefix?: string };

/** Empty texts empty a member, whether the ERP replaces records or takes over what is sent. */
export function writtenNames(user: EntityValue<'user'>, names: JsonValue | undefined) {
  const { givenName, middleName = '', familyName } = user;
  return withElement<Named>(names, legalName, (known) => {
    const prefix = known?.lastNamePrefix;
    const isPrefixed = prefix !== undefined && familyName.startsWith(`${prefix} `);
    return {
      ...(known ?? { type: { category: 'legal' }, preference: 'preferred' }),
      fullName: [givenName, middleName, familyName].filter((part) => part !== '').join(' '),
      firstName: givenName,
      middleName,
      lastName: isPrefixed ? familyName.slice(prefix.length + 1) : familyName,
      ...(prefix === undefined || isPrefixed ? {} : { lastNamePrefix: '' }),
    };
  });
}

/** The name under which an institution keeps somebody: the legal one, else the preferred, else the only one. */
function legalName<N extends Pick<Name, 'type' | 'preference'>>(names: readonly N[]): N | undefined {
  return theOnly(names.filter(({ type }) => type?.category === 'legal')) ?? preferredOf(names);
}
