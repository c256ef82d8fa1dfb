import type { ServiceParts } from '@flotilla/substrate/service';
import { createSmtpMailer } from './mailer.smtp.ts';
import type { Mailer } from './mailer.ts';

/** The mailer that the fleet's settings name; undefined where they name none. */
export function openMailer({
  settings,
  secrets,
  log,
}: Pick<ServiceParts, 'settings' | 'secrets' | 'log'>): Mailer | undefined {
  const { mail } = settings;
  if (mail === undefined) {
    log.info('No mail is sent: FLOTILLA_SMTP_URL is not set');
    return undefined;
  }
  const { username, password } = new URL(mail.smtpUrl);
  secrets.add(mail.smtpUrl, ...[password, decode(password)].filter((text) => text !== ''));
  log.info('Mails are sent', { from: mail.from, isSignedIn: username !== '' });
  return createSmtpMailer(mail);
}

/** As nodemailer does: a password with a percent sign that begins no code stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
