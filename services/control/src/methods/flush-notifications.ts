import { CustomerId } from '@flotilla/substrate/methods';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { requireCustomer } from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { sendMailRound } from '../mail/mail-round.ts';

export const flushNotifications = defineMethod({
  name: 'notifications.flush',
  version: 1,
  summary: 'Sends now what mails have to tell, without waiting for the next round',
  params: z.strictObject({
    customerId: CustomerId.optional().describe('Left out: of all customers'),
  }),
  result: z.strictObject({
    composed: z.int().describe('New mails'),
    sent: z.int().describe('Mails that the mail server took for a recipient, new or old'),
    failed: z.int().describe('Mails that it did not take; tried again later unless refused for good'),
  }),
  roles: ['admin', 'orchestrator', 'scheduler'],
  errors: ['not_found'],
  async run({ context, signal }: Call<Control>, { customerId }) {
    if (customerId !== undefined) await requireCustomer(context.store, customerId);
    return await sendMailRound(context, signal, { isAtOnce: true, customerId });
  },
});
