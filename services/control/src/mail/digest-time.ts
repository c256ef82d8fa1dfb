import { occurrencesAfter } from '@flotilla/substrate/settings/schedule';
import type { Customer, Notifications } from '@flotilla/substrate/store';

/** Pure. When the next digest is due, in milliseconds since 1970; undefined where nobody wants one. */
export function nextDigestAt(
  { recipients, digestAt, digestedUntil }: Notifications,
  { timeZone }: Pick<Customer, 'timeZone'>,
): number | undefined {
  if (!recipients.some(({ mode }) => mode === 'digest')) return undefined;
  const [hour, minute] = digestAt.split(':').map(Number);
  const [next] = occurrencesAfter({ cron: `${minute} ${hour} * * *` }, timeZone, Date.parse(digestedUntil));
  return next?.at;
}
