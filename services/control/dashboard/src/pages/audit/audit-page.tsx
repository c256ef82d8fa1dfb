import { getRouteApi } from '@tanstack/react-router';
import { useCustomer } from '../../parts/use-customer.ts';
import { Page } from '../../shell/page.tsx';
import { PageOfCustomer } from '../../shell/page-of-customer.tsx';
import { AuditLog } from './audit-log.tsx';

const ofCustomer = getRouteApi('/customers/$customerId/audit');
const ofFleet = getRouteApi('/audit');

export function AuditPage() {
  const { customerId } = ofCustomer.useParams();
  const { name } = useCustomer(customerId);
  return (
    <PageOfCustomer customerId={customerId} title={`Audit log of ${name}`}>
      <AuditLog customerId={customerId} search={ofCustomer.useSearch()} />
    </PageOfCustomer>
  );
}

export function FleetAuditPage() {
  return (
    <Page title="Audit log">
      <AuditLog search={ofFleet.useSearch()} />
    </Page>
  );
}
