import { mayHave, Text } from '@flotilla/substrate/lenient';
import { z } from 'zod';
import { maybe, preferredOf, Trimmed } from './record.ts';

const Name = z.object({
  type: maybe(z.object(mayHave(Text, 'category'))),
  ...mayHave(Trimmed, 'preference', 'fullName', 'firstName', 'middleName', 'lastNamePrefix', 'lastName'),
});
export type Name = z.output<typeof Name>;

/** All names that somebody has or had: legal, birth, personal, chosen. */
export const Names = z
  .array(Name)
  .min(1)
  .refine((names) => legalName(names) !== undefined, {
    message: 'of several names, one must be the legal or the preferred one',
  });

/** The name under which an institution keeps somebody: the legal one, else the preferred, else the only one. */
export function legalName<N extends Pick<Name, 'type' | 'preference'>>(names: readonly N[]): N | undefined {
  const legal = names.filter(({ type }) => type?.category === 'legal');
  return legal.length === 1 ? legal[0] : preferredOf(names);
}

/** With what stands before it ("de la"). Who has one name only has it in `fullName`. */
export function familyNameOf({ lastNamePrefix, lastName, firstName, fullName = '' }: Partial<Name>): string {
  const last = lastName ?? (firstName === undefined ? fullName : '');
  return lastNamePrefix === undefined ? last : `${lastNamePrefix} ${last}`;
}
