import { Link } from '@tanstack/react-router';
import { useMayChange } from '../../shell/use-session.ts';
import type { Report } from './run-facts.ts';

/** The page on which a kind of problem is mended, where there is one. */
export function MendLink({ code, report }: { readonly code: string; readonly report: Report }) {
  const mayChange = useMayChange();
  const { customerId, integrationId, vendor } = report;
  if (code === 'credentials_rejected' && mayChange) {
    return (
      <Link to="/customers/$customerId/connect" params={{ customerId }} search={{ vendor, integrationId }}>
        Enter new credentials
      </Link>
    );
  }
  if (!connectionCodes.includes(code)) return null;
  return (
    <Link to="/customers/$customerId/integrations/$integrationId" params={{ customerId, integrationId }}>
      Check the connection, or sync again
    </Link>
  );
}

/** The next run may go through, or the connection check tells why not. */
const connectionCodes: readonly string[] = [
  'credentials_rejected',
  'vendor_unavailable',
  'gateway_unavailable',
  'rate_limited',
  'vendor_answer_invalid',
  'incomplete_fetch',
  'cursor_expired',
];
