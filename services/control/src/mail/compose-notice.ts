import { Failure } from '@flotilla/substrate/failure';
import { type Notice, readCustomer } from '@flotilla/substrate/store';
import type { Control } from '../control.ts';
import { composeDigest } from './compose-digest.ts';
import { composeProblems } from './compose-problems.ts';
import type { MailBody } from './page.ts';

/** What a mail says, from what is stored at this moment. */
export async function composeNotice(control: Control, notice: Notice): Promise<MailBody> {
  const customer = await readCustomer(control.store, notice.customerId);
  if (customer === undefined) {
    throw new Failure('not_found', 'The customer of a mail has gone', { data: { ...keyOf(notice) } });
  }
  return notice.kind === 'digest'
    ? await composeDigest(control, customer, notice)
    : await composeProblems(control, customer, notice);
}

function keyOf({ customerId, noticeId }: Notice) {
  return { customerId, noticeId };
}
