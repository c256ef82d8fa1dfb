import { shelfToken } from '../shelf-school.fixture.ts';
import { integration, openTwoWay } from '../two-way.fixture.ts';
import { type MailServer, openMailServer } from './mail-server.fixture.ts';

export const ana = 'ana@district.example';
export const ben = 'ben@district.example';
export const hour = 3_600_000;

/** Shelf School, synced once, and a mail server; Ana is told of problems. */
export async function openWithMail(recipients: readonly object[] = [{ address: ana, mode: 'problems' }]) {
  const server = await openMailServer();
  const mail = { smtpUrl: server.url, from: 'Flotilla <flotilla@district.example>' };
  const scene = await openTwoWay({ writeBack: ['category'] }, { mail });
  const { customerId } = integration;
  const { control, vendor, school } = scene;
  await control.result('notifications.put.v1', {
    customerId,
    recipients: recipients.map((one) => ({ ...one })),
  });
  return {
    ...scene,
    server,
    flush: () => control.result('notifications.flush.v1', {}),
    get: () => control.result('notifications.get.v1', { customerId }),
    /** The vendor takes the stored token no more, or takes it again. */
    breakToken: (token = 'expired-token-0123456789') =>
      control.result('credentials.put.v1', { ...integration, credential: { token } }),
    mendToken: () =>
      control.result('credentials.put.v1', { ...integration, credential: { token: shelfToken } }),
    /** A record that cannot be read. */
    spoil: (id: string) => school.boxes.set(id, { id, title: 7 }),
    skip: (ms: number) => vendor.clock.skip(ms),
  };
}

export function subjects({ mails }: MailServer): readonly string[] {
  return mails.map(({ subject }) => subject);
}
