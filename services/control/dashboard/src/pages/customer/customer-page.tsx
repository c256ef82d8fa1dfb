import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { ButtonLink } from '../../parts/button-link.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { useCall } from '../../rpc/use-call.ts';
import { PageOfCustomer } from '../../shell/page-of-customer.tsx';
import { useMayChange } from '../../shell/use-session.ts';
import { IntegrationsCard } from './integrations-card.tsx';
import { NotificationsCard } from './notifications-card.tsx';
import { RenameCustomer } from './rename-customer.tsx';
import { ScheduleCard } from './schedule-card.tsx';

const route = getRouteApi('/customers/$customerId');

export function CustomerPage() {
  const { customerId } = route.useParams();
  const mayChange = useMayChange();
  const [isRenamed, setIsRenamed] = useState(false);
  const { data: customer, error, refetch } = useCall('customers.get.v1', { customerId });

  return (
    <PageOfCustomer
      customerId={customerId}
      actions={
        <>
          <ButtonLink to="/customers/$customerId/runs" params={{ customerId }}>
            Runs
          </ButtonLink>
          <ButtonLink to="/customers/$customerId/conflicts" params={{ customerId }}>
            Conflicts
          </ButtonLink>
          <ButtonLink to="/customers/$customerId/audit" params={{ customerId }}>
            Audit log
          </ButtonLink>
          {mayChange && customer !== undefined ? (
            <Button onClick={() => setIsRenamed(true)}>Rename</Button>
          ) : null}
        </>
      }
    >
      {error === null ? null : <LoadFailure error={error} onRetry={() => void refetch()} />}
      {customer === undefined && error === null ? <Loading what="the customer" /> : null}
      {customer === undefined ? null : (
        <>
          {isRenamed ? <RenameCustomer customer={customer} onClose={() => setIsRenamed(false)} /> : null}
          <IntegrationsCard customerId={customerId} mayChange={mayChange} />
          <ScheduleCard key={customerId} customer={customer} mayChange={mayChange} />
          <NotificationsCard
            key={`${customerId} notifications`}
            customerId={customerId}
            mayChange={mayChange}
          />
        </>
      )}
    </PageOfCustomer>
  );
}
