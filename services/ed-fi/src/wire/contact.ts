import { Flag, listOf, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { theOnly } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { Word } from './lenient.ts';

const Mail = z.object({
  electronicMailAddress: Text,
  electronicMailTypeDescriptor: optional(Word),
  primaryEmailAddressIndicator: optional(Flag),
});

/** The primary address, else the only one, else the only one for work. Lists come in no order. */
export const Email = listOf(Mail).transform((mails = []) => {
  const primary = mails.filter((mail) => mail.primaryEmailAddressIndicator === true);
  const work = mails.filter((mail) => /^(work|organization)$/i.test(mail.electronicMailTypeDescriptor ?? ''));
  return theOnly(primary, mails, work)?.electronicMailAddress;
});

const Telephone = z.object({ telephoneNumber: Text, orderOfPriority: optional(Numeric) });

/** The one that comes first, else the only one. */
export const Phone = listOf(Telephone).transform((telephones = []) => {
  const first = Math.min(...telephones.map((one) => one.orderOfPriority ?? Number.POSITIVE_INFINITY));
  const firsts = telephones.filter((one) => one.orderOfPriority === first);
  return theOnly(firsts, telephones)?.telephoneNumber;
});
