import { mayHave, Text } from '@flotilla/substrate/lenient';
import { onlyOf } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { maybe, preferredOf, Trimmed } from './record.ts';

const Name = z.object({
  type: maybe(z.object(mayHave(Text, 'category'))),
  ...mayHave(Trimmed, 'preference', 'fullName', 'firstName', 'middleName', 'lastNamePrefix', 'lastName'),
});
type Name = z.output<typeof Name>;

/** All names that somebody has or had (legal, birth, personal, chosen), as what a user is called by them. */
export const Names = z.array(Name).transform((names, context) => {
  const legal = legalName(names);
  if (legal === undefined) {
    const message = 'of several names, one must be the legal or the preferred one';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
  const { firstName, middleName, lastName, lastNamePrefix: prefix, fullName = '' } = legal;
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

/** The name under which an institution keeps somebody: the legal one, else the preferred, else the only one. */
export function legalName<N extends Pick<Name, 'type' | 'preference'>>(names: readonly N[]): N | undefined {
  return onlyOf(names.filter(({ type }) => type?.category === 'legal')) ?? preferredOf(names);
}
