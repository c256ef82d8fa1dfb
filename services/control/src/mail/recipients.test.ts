import { expect, test } from 'vitest';
import { integration } from '../two-way.fixture.ts';
import { openWithMail, subjects } from './mail-scene.fixture.ts';

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
  await tell('ben@district.example');
  await failAgain();

  expect(subjects(server)).toEqual([
    '[Flotilla] Springfield: first failed',
    '[Flotilla] Springfield: first failed',
  ]);
});
