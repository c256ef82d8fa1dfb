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
  secrets.add(mail.smtpUrl, ...[password, decodeURIComponent(password)].filter((text) => text !== ''));
  log.info('Mails are sent', { from: mail.from, isSignedIn: username !== '' });
  return createSmtpMailer(mail);
}
