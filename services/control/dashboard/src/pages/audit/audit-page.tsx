import { getRouteApi, Link } from '@tanstack/react-router';
import { Page } from '../../shell/page.tsx';
import { AuditLog } from './audit-log.tsx';

const ofCustomer = getRouteApi('/customers/$customerId/audit');
const ofFleet = getRouteApi('/audit');

export function AuditPage() {
  const { customerId } = ofCustomer.useParams();
  return (
    <Page
      title={`Audit log of ${customerId}`}
      trail={
        <>
          <Link to="/customers">Customers</Link>
          <Link to="/customers/$customerId" params={{ customerId }}>
            {customerId}
          </Link>
        </>
      }
    >
      <AuditLog customerId={customerId} search={ofCustomer.useSearch()} />
    </Page>
  );
}

export function FleetAuditPage() {
  return (
    <Page title="Audit log">
      <AuditLog search={ofFleet.useSearch()} />
    </Page>
  );
}
