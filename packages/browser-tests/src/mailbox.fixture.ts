import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { systemClock } from '@flotilla/substrate/clock/clock.system';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/** A mail server on this machine that takes every mail and keeps it. */
export interface Mailbox {
  /** As FLOTILLA_SMTP_URL has it. */
  readonly url: string;
  readonly mails: readonly Email[];
  /** The first mail that is such, as soon as it has come. Fails after `patienceMs`, naming the subjects of those that came. */
  waitFor(isWanted: (mail: Email) => boolean, patienceMs?: number): Promise<Email>;
  close(): Promise<void>;
}

export async function openMailbox(): Promise<Mailbox> {
  const mails: Email[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onData(stream, _session, done) {
      void takeMail(stream, done);
    },
  });

  async function takeMail(stream: Readable, done: (error?: Error | null) => void): Promise<void> {
    try {
      mails.push(await PostalMime.parse(await buffer(stream)));
      done();
    } catch (thrown) {
      done(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  }

  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    async waitFor(isWanted, patienceMs = 15_000) {
      const until = systemClock.now() + patienceMs;
      for (;;) {
        const found = mails.find(isWanted);
        if (found !== undefined) return found;
        if (systemClock.now() > until)
          throw new Error(`No such mail came; there are: ${mails.map(({ subject }) => subject).join(' | ')}`);
        await systemClock.sleep(50);
      }
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
