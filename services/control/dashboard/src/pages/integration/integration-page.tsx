import { getRouteApi, Link } from '@tanstack/react-router';
import { Badge } from '../../parts/badge.tsx';
import { ButtonLink } from '../../parts/button-link.tsx';
import { Callout } from '../../parts/callout.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { isNoSuch, NoSuch } from '../../parts/no-such.tsx';
import { useCall } from '../../rpc/use-call.ts';
import { PageOfCustomer } from '../../shell/page-of-customer.tsx';
import { useMayChange } from '../../shell/use-session.ts';
import { ConnectionCard } from './connection-card.tsx';
import type { Integration } from './integration.ts';
import { PauseButton } from './pause-button.tsx';
import { RecordsCard } from './records-card.tsx';
import { RunsCard } from './runs-card.tsx';
import { Standing } from './standing.tsx';
import { SyncCard } from './sync-card.tsx';

const route = getRouteApi('/customers/$customerId/integrations/$integrationId');
const pollMs = 2_000;

export function IntegrationPage() {
  const { customerId, integrationId } = route.useParams();
  const { data, error, refetch } = useCall(
    'integrations.get.v1',
    { customerId, integrationId },
    { pollMs: (result) => (result?.currentRun == null ? false : pollMs) },
  );
  return (
    <PageOfCustomer
      customerId={customerId}
      title={integrationId}
      trail={<span>{integrationId}</span>}
      actions={
        data === undefined ? null : (
          <Badge tone={data.state === 'active' ? 'good' : 'warn'}>{data.state}</Badge>
        )
      }
    >
      {isNoSuch(error, '/integrationId') ? (
        <NoSuch sentence="This customer has no integration of the name" named={integrationId}>
          <Link to="/customers/$customerId" params={{ customerId }}>
            The page of the customer
          </Link>{' '}
          lists those that it has.
        </NoSuch>
      ) : error === null ? null : (
        <LoadFailure error={error} onRetry={() => void refetch()} />
      )}
      {data === undefined && error === null ? <Loading what="the integration" /> : null}
      {data === undefined ? null : <Parts key={`${customerId}/${integrationId}`} integration={data} />}
    </PageOfCustomer>
  );
}

function Parts({ integration }: { readonly integration: Integration }) {
  const { customerId, integrationId } = integration;
  const mayChange = useMayChange();
  const { data: vendor, error, isLoading } = useCall('vendors.get.v1', { vendor: integration.vendor });
  return (
    <>
      <Standing
        integration={integration}
        actions={
          mayChange ? (
            <>
              <PauseButton integration={integration} />
              <ButtonLink
                to="/customers/$customerId/integrations/$integrationId/settings"
                params={{ customerId, integrationId }}
              >
                Settings
              </ButtonLink>
            </>
          ) : null
        }
      />
      {error === null ? null : (
        <Callout tone="warn" title={`The service of ${integration.vendor} says nothing at this moment`}>
          <p>{error.message}. Until it answers, only a sync of everything can be asked for, and it waits.</p>
        </Callout>
      )}
      {mayChange && !isLoading ? <SyncCard integration={integration} vendor={vendor} /> : null}
      <RunsCard customerId={customerId} integrationId={integrationId} />
      <ConnectionCard integration={integration} vendor={vendor} mayChange={mayChange} />
      {vendor === undefined ? null : <RecordsCard integration={integration} vendor={vendor} />}
    </>
  );
}
