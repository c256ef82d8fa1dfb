import { DateOnly, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { z } from 'zod';
import type { Connection } from '../connection.ts';
import { at } from '../wire/field.ts';
import { Word } from '../wire/lenient.ts';
import { defineResource } from '../wire/resource.ts';

const Mail = z.object({
  electronicMailAddress: Text,
  electronicMailTypeDescriptor: optional(Word),
  primaryEmailAddressIndicator: optional(z.boolean()),
});
/** The primary one, else the only one, else the only one for work. Lists come in no order. */
const Email = z.array(Mail).transform((mails) => {
  const work = mails.filter((mail) => /^(work|organization)$/i.test(mail.electronicMailTypeDescriptor ?? ''));
  const choices = [mails.filter((mail) => mail.primaryEmailAddressIndicator === true), mails, work];
  return choices.find(({ length }) => length === 1)?.[0]?.electronicMailAddress;
});
const Phone = z
  .array(z.object({ telephoneNumber: Text, orderOfPriority: optional(Numeric) }))
  .transform((telephones) => {
    const first = Math.min(...telephones.map((one) => one.orderOfPriority ?? Number.POSITIVE_INFINITY));
    const choices = [telephones.filter((one) => one.orderOfPriority === first), telephones];
    return choices.find(({ length }) => length === 1)?.[0]?.telephoneNumber;
  });

/** The number by which a person is known, with those that others know staff by. */
function userIds<const N extends string>(name: N) {
  const Code = z.object({ staffIdentificationSystemDescriptor: Word, identificationCode: Text });
  const Person = z.object({ [name]: Text, identificationCodes: optional(z.array(Code)) });
  return at(
    '',
    Person.transform(({ identificationCodes = [], ...person }) => [
      { type: name as string, identifier: String((person as Record<string, unknown>)[name]) },
      ...(identificationCodes as z.output<typeof Code>[])
        .map((code) => ({
          type: code.staffIdentificationSystemDescriptor,
          identifier: code.identificationCode,
        }))
        .toSorted((a, b) => (a.type < b.type ? -1 : 1)),
    ]),
  );
}

/** Where somebody is at school, and as what, is in other lists: of staff nothing more is known here. */
function personWith<const R extends 'student' | 'guardian' | 'ext:staff', const N extends string>(
  role: R,
  name: N,
) {
  return {
    enabledUser: true,
    givenName: at('firstName', Text),
    familyName: at('lastSurname', Text),
    middleName: at('middleName?', Text),
    preferredFirstName: at('preferredFirstName?', Text),
    preferredLastName: at('preferredLastSurname?', Text),
    username: at('loginId?', Text),
    identifier: at(name as string, Text),
    email: at('electronicMails?', Email),
    phone: at('telephones?', Phone),
    roles: [{ roleType: 'primary' as const, role }],
    userIds: userIds(name),
  };
}

export const users = defineResource(
  'user',
  {
    students: {
      ...personWith('student', 'studentUniqueId'),
      // The list of demographics has no date of birth.
      metadata: at(
        'birthDate?',
        DateOnly.transform((birthDate) => ({ birthDate })),
      ),
    },
    staffs: personWith('ext:staff', 'staffUniqueId'),
    contacts: personWith('guardian', 'contactUniqueId'),
    // So were contacts called before Data Standard 5.
    parents: personWith('guardian', 'parentUniqueId'),
  },
  {
    isThere: (resource, { hasParents = false }: Connection) =>
      resource !== (hasParents ? 'contacts' : 'parents'),
  },
);
