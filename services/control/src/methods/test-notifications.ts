import { Failure } from '@flotilla/substrate/failure';
import { CustomerId } from '@flotilla/substrate/methods';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { readNotifications, requireCustomer } from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { sendTestMail } from '../mail/send-test-mail.ts';
import { noteAction } from './note-action.ts';

export const testNotifications = defineMethod({
  name: 'notifications.test',
  version: 1,
  summary: 'Sends a test mail at once, so that one sees whether mails arrive',
  params: z.strictObject({
    customerId: CustomerId,
    address: z
      .email('an address such as ana@district.example')
      .max(254)
      .optional()
      .describe('One of the recipients; left out: to all that are not off'),
  }),
  result: z.strictObject({
    mails: z.array(
      z.strictObject({
        address: z.string(),
        failure: z
          .strictObject({ code: z.string(), message: z.string(), answer: z.string().nullable() })
          .nullable()
          .describe('Null: the mail server has taken it'),
      }),
    ),
  }),
  roles: ['admin'],
  errors: ['not_found', 'config_invalid'],
  async run({ caller, context, signal }: Call<Control>, { customerId, address }) {
    const { store, mailer } = context;
    const customer = await requireCustomer(store, customerId);
    const known = (await readNotifications(store, customerId))?.recipients ?? [];
    const meant = known.filter((one) =>
      address === undefined ? one.mode !== 'off' : one.address === address,
    );
    if (address !== undefined && meant.length === 0) {
      throw new Failure('not_found', 'No such recipient; save it first', { data: { customerId, address } });
    }
    if (mailer === undefined) {
      throw new Failure('config_invalid', 'This fleet is not told how to send mail', {
        data: { settings: 'FLOTILLA_SMTP_URL, FLOTILLA_MAIL_FROM' },
      });
    }
    await store.transaction(async (transaction) =>
      noteAction({ caller, context }, transaction, {
        customerId,
        action: 'notifications.test.v1',
        target: {},
        detail: { addresses: meant.map((one) => one.address) },
      }),
    );
    const mails = await Promise.all(
      meant.map((one) => sendTestMail({ ...context, mailer }, customer, one.address, signal)),
    );
    return { mails };
  },
});
