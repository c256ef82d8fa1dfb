import { once } from 'node:events';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { callbackify } from 'node:util';
import type { Clock } from '@flotilla/substrate/clock/clock';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

/** Takes the mails of a local fleet, so that they can be read where there is no mail server. */
export interface Mailbox {
  /** For the fleet's services. */
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  stop(): Promise<void>;
}

/** Far above any mail of ours. Bytes. */
const largestMail = 5_000_000;

/** Each mail becomes a file of the folder, `.eml` as mail programs open it. Only this machine can send here. */
export async function openMailbox({
  home,
  clock,
  onMail,
}: {
  readonly home: string;
  readonly clock: Clock;
  readonly onMail: (to: string, path: string) => void;
}): Promise<Mailbox> {
  const folder = join(home, 'mail');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let count = 0;

  async function keep(stream: SMTPServerDataStream, { envelope }: SMTPServerSession): Promise<void> {
    const to = envelope.rcptTo.map(({ address }) => address).join(',');
    const mail = await buffer(stream);
    const path = join(folder, `${nameOf(clock.now(), ++count, to)}.eml`);
    // Whoever looks for mails sees none that is half there.
    writeFileSync(`${path}.part`, mail, { mode: 0o600 });
    renameSync(`${path}.part`, path);
    onMail(to, path);
  }

  const server = new SMTPServer({
    // It is not encrypted, and lets everybody in.
    disabledCommands: ['STARTTLS', 'AUTH'],
    size: largestMail,
    onData: callbackify(keep),
  });
  // A client that goes away in the middle is none of ours to fail for.
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const address = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    environment: {
      FLOTILLA_SMTP_URL: `smtp://127.0.0.1:${port}`,
      FLOTILLA_MAIL_FROM: 'Flotilla <flotilla@localhost>',
    },
    folder,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** `20261121-070003-1-ana@district.example`: files sort by the time of their coming. */
function nameOf(now: number, count: number, to: string): string {
  const time = new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `${time}-${count}-${to.replaceAll(/[^\w.@-]/g, '_').slice(0, 100)}`;
}
