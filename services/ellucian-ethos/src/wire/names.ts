import { z } from 'zod';
import { optional, Text } from './lenient.ts';
import { preferredOf } from './preferred.ts';

const Name = z.object({
  type: optional(z.object({ category: optional(Text) })),
  preference: optional(Text),
  fullName: optional(Text),
  firstName: optional(Text),
  middleName: optional(Text),
  lastNamePrefix: optional(Text),
  lastName: optional(Text),
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

export function preferredName(names: readonly Name[]): Name | undefined {
  return names.find(({ preference }) => preference === 'preferred');
}

/** With what stands before it ("de la"). Who has one name only has it in `fullName`. */
export function familyNameOf(name: Name | undefined): string {
  const { lastNamePrefix, lastName, firstName, fullName } = name ?? {};
  const last = lastName ?? (firstName === undefined ? (fullName ?? '') : '');
  return [lastNamePrefix, last].flatMap((part) => part?.trim() ?? []).join(' ');
}
