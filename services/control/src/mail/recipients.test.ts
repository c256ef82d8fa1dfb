import { expect, test } from 'vitest';
import { integration } from '../two-way.fixture.ts';
import { ana, ben, openWithMail, subjects } from './mail-scene.fixture.ts';

test('who asks to be told after a while in which nobody was is told from the beginning', async () => {
  const { control, vendor, server, flush, breakToken, skip } = await openWithMail();
  const { customerId } = integration;
  const tell = (...recipients: readonly string[]) =>
    control.result('notifications.put.v1', {
      customerId,
      recipients: recipients.map((address) => ({ address, mode: 'problems' })),
    });
  const failAgain = async () => {
    skip(24 * 3_600_000);
    await vendor.sync();
    await flush();
  };
  await breakToken();
  await failAgain();
  await tell();
  await failAgain();
  await tell(ben);
  await failAgain();

  expect(subjects(server)).toEqual([
    '[Flotilla] Springfield: first failed',
    '[Flotilla] Springfield: first failed',
  ]);
});

test('who is left out gets no mail any more, not even one that waits for the mail server', async () => {
  const { control, vendor, server, flush, get, breakToken } = await openWithMail([
    { address: ana, mode: 'problems' },
    { address: ben, mode: 'problems' },
  ]);
  const { customerId } = integration;
  await breakToken();
  await vendor.sync();
  await server.stop();
  await flush();
  const recipients = [{ address: ben, mode: 'problems' }];
  await control.result('notifications.put.v1', { customerId, recipients });
  await server.start();

  expect(await flush()).toEqual({ composed: 0, sent: 1, failed: 0 });
  expect(server.mails.map(({ to }) => to)).toEqual([[ben]]);
  const deliveries = [{ state: 'refused' }, { state: 'sent' }];
  expect(await get()).toMatchObject({ notices: [{ nextTryAt: null, deliveries }] });
});
