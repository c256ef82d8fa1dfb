import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { onTestFinished } from 'vitest';

/** A mail as it arrived. */
export interface ReceivedMail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly parsed: Email;
  readonly raw: string;
}

export interface MailServer {
  /** For FLOTILLA_SMTP_URL. */
  readonly url: string;
  /** In the order of their coming. */
  readonly mails: readonly ReceivedMail[];
  /** Connections that were made. */
  readonly connections: number;
  /** By address: the reply to `RCPT TO`, such as 550 or 451. */
  readonly refused: Map<string, number>;
  /** The reply to whole mails; undefined: they are taken. */
  refuseAll(code: number | undefined): void;
  /** The reply to the next whole mail, and no other. */
  refuseNext(code: number): void;
  /** What happens when a whole mail has come, before it is answered. */
  onMail(act: () => Promise<void>): void;
  /** Takes no connection, until `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** A real mail server on this machine, for one test. */
export async function openMailServer(): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const refused = new Map<string, number>();
  let refusal: number | undefined;
  let nextRefusal: number | undefined;
  let beforeAnswer = async () => {};
  let connections = 0;
  let server: SMTPServer | undefined;
  let port = 0;

  async function start(): Promise<void> {
    server = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      onConnect(_session, callback) {
        connections++;
        callback();
      },
      onRcptTo({ address }, _session, callback) {
        const code = refused.get(address);
        callback(code === undefined ? null : replyWith(code, `No mails for ${address}`));
      },
      async onData(stream, session, callback) {
        const chunks: Buffer[] = [];
        for await (const chunk of stream) chunks.push(chunk as Buffer);
        await beforeAnswer();
        const code = nextRefusal ?? refusal;
        nextRefusal = undefined;
        if (code !== undefined) return callback(replyWith(code, 'Not now'));
        const raw = Buffer.concat(chunks);
        const parsed = await PostalMime.parse(raw);
        mails.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          subject: parsed.subject ?? '',
          text: parsed.text ?? '',
          html: parsed.html ?? '',
          parsed,
          raw: raw.toString('utf8'),
        });
        callback();
      },
    });
    await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
    const address = server.server.address();
    port = typeof address === 'object' && address !== null ? address.port : port;
  }

  async function stop(): Promise<void> {
    await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
    server = undefined;
  }

  await start();
  onTestFinished(stop);
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    refused,
    get connections() {
      return connections;
    },
    refuseAll(code) {
      refusal = code;
    },
    refuseNext(code) {
      nextRefusal = code;
    },
    onMail(act) {
      beforeAnswer = act;
    },
    stop,
    start,
  };
}

function replyWith(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
