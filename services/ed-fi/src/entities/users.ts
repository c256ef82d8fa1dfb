import { DateOnly, listOf, mayHave, optional, Text } from '@flotilla/substrate/lenient';
import { always, at } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import type { Connection } from '../connection.ts';
import { userJoins } from '../joins/user-joins.ts';
import { Email, Phone } from '../wire/contact.ts';
import { Name, Word } from '../wire/lenient.ts';
import { defineResource } from '../wire/resources.ts';

const Code = z
  .object({ staffIdentificationSystemDescriptor: Word, identificationCode: Text })
  .transform((code) => ({
    type: code.staffIdentificationSystemDescriptor,
    identifier: code.identificationCode,
  }));
const Coded = z.object({ identificationCodes: listOf(Code) });

/** Where somebody is at school, and as what, is in other lists (`userJoins`): of whom they say nothing, nothing more is known. */
function personWith<const R extends 'student' | 'guardian' | 'ext:staff'>(role: R, type: string) {
  // The number by which a person is known, with those that others know staff by.
  const Ids = z
    .object({ [type]: Text })
    .and(Coded)
    .transform(({ [type]: identifier = '', identificationCodes: codes = [] }) => [
      { type, identifier },
      ...codes.toSorted((a, b) => (a.type < b.type ? -1 : 1)),
    ]);
  return {
    enabledUser: always(true),
    givenName: at('firstName', Name),
    familyName: at('lastSurname', Name),
    ...mayHave(Text, 'middleName', 'preferredFirstName'),
    preferredLastName: at('preferredLastSurname', optional(Text)),
    username: at('loginId', optional(Text)),
    identifier: at(type, Text),
    email: at('electronicMails', Email),
    phone: at('telephones', Phone),
    roles: always([{ roleType: 'primary' as const, role }]),
    userIds: at('', Ids),
  };
}

// The list of demographics has no date of birth.
const Born = DateOnly.transform((birthDate) => ({ birthDate }));

export const users = defineResource(
  'user',
  {
    students: { ...personWith('student', 'studentUniqueId'), metadata: at('birthDate', optional(Born)) },
    staffs: personWith('ext:staff', 'staffUniqueId'),
    contacts: personWith('guardian', 'contactUniqueId'),
    // So were contacts called before Data Standard 5.
    parents: personWith('guardian', 'parentUniqueId'),
  },
  {
    joins: userJoins,
    isThere: (resource, { hasParents = false }: Connection) =>
      resource !== (hasParents ? 'contacts' : 'parents'),
  },
);
