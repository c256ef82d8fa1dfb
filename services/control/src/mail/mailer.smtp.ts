import { Failure } from '@flotilla/substrate/failure';
import type { ServiceParts } from '@flotilla/substrate/service';
import type { Mailer } from './mailer.ts';

type MailSettings = NonNullable<ServiceParts['settings']['mail']>;

/** A server that says nothing for so long is as good as down. */
const patienceMs = 20_000;

/** Mails by SMTP. A password is sent over TLS only, but to this machine itself. */
export function createSmtpMailer(settings: MailSettings): Mailer {
  const { from } = settings;
  let opening: ReturnType<typeof openTransport> | undefined;
  return {
    from,
    async send(mail, signal) {
      opening ??= openTransport(settings);
      const transport = await opening;
      try {
        await transport.sendMail({
          ...mail,
          from,
          // Nobody's holiday notice is to answer (RFC 3834).
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
          signal,
        });
      } catch (thrown) {
        // Otherwise it would be told as the mail server's fault.
        if (signal.aborted && (thrown as SmtpFault).responseCode === undefined)
          throw new Failure(
            'unavailable',
            'It was cut short here: the service was ending, or who asked had gone',
            {
              cause: thrown,
            },
          );
        throw toFailure(thrown);
      }
    },
    close: () => void opening?.then((transport) => transport.close()),
  };
}

async function openTransport({ smtpUrl }: MailSettings) {
  const { protocol, username, hostname } = new URL(smtpUrl);
  const isOurs = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  // Only where a mail is sent: it loads Node's own undici, and services start sooner.
  const { default: nodemailer } = await import('nodemailer');
  return nodemailer.createTransport({
    url: smtpUrl,
    requireTLS: protocol === 'smtp:' && username !== '' && !isOurs,
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    // What a mail says comes from vendors: it shall never make us read a file or a page.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

interface SmtpFault {
  readonly code?: string;
  readonly responseCode?: number;
  /** The command that was answered so: `RCPT TO`. */
  readonly command?: string;
  readonly response?: string;
  /** Whether the same mail would be answered so again. */
  readonly permanent?: boolean;
}

function toFailure(thrown: unknown): Failure {
  const { code, responseCode, command, response, permanent = false } = thrown as SmtpFault;
  const data = {
    ...(code === undefined ? {} : { problem: code }),
    ...(responseCode === undefined ? {} : { status: responseCode }),
    ...(command === undefined ? {} : { command }),
    ...(response === undefined ? {} : { excerpt: response.slice(0, 500) }),
  };
  if (code === 'EAUTH' || code === 'ENOAUTH')
    return new Failure('config_invalid', 'The mail server does not let us in', { data, cause: thrown });
  if (code === 'ETLS')
    return new Failure('config_invalid', 'The connection to the mail server cannot be encrypted', { data });
  if (permanent && command === 'RCPT TO')
    return new Failure('invalid_params', 'The mail server does not take mails for this address', { data });
  if (permanent)
    return new Failure('config_invalid', 'The mail server does not take our mails', { data, cause: thrown });
  if (responseCode !== undefined)
    return new Failure('unavailable', 'The mail server asks to come again later', { data });
  return new Failure('unavailable', 'The mail server does not answer', { data, cause: thrown });
}
