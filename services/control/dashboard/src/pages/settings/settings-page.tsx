import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Callout } from '../../parts/callout.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { useCall } from '../../rpc/use-call.ts';
import { PageOfCustomer } from '../../shell/page-of-customer.tsx';
import { useSession } from '../../shell/use-session.ts';
import { SettingsEditor } from './settings-editor.tsx';

const route = getRouteApi('/customers/$customerId/integrations/$integrationId/settings');

export function SettingsPage() {
  const { customerId, integrationId } = route.useParams();
  const { entityType } = route.useSearch();
  const session = useSession();
  const [round, setRound] = useState(0);
  const settings = useCall('settings.get.v1', { customerId, integrationId });
  const integration = useCall('integrations.get.v1', { customerId, integrationId });
  const vendor = integration.data?.vendor;
  const described = useCall('vendors.get.v1', { vendor: vendor ?? '' }, { isWanted: vendor !== undefined });
  const error = settings.error ?? integration.error ?? described.error;
  const mayChange = session?.role === 'admin';

  async function reload() {
    await settings.refetch();
    setRound(round + 1);
  }

  return (
    <PageOfCustomer
      customerId={customerId}
      title={`Settings of ${integrationId}`}
      trail={
        <>
          <Link
            to="/customers/$customerId/integrations/$integrationId"
            params={{ customerId, integrationId }}
          >
            {integrationId}
          </Link>
          <span>settings</span>
        </>
      }
    >
      {error === null ? null : <LoadFailure error={error} onRetry={() => void reload()} />}
      {session !== undefined && !mayChange ? (
        <Callout tone="calm" title="Your role may look at the settings and try others, but not save them" />
      ) : null}
      {settings.data === undefined || described.data === undefined || session === undefined ? (
        error === null ? (
          <Loading what="the settings" />
        ) : null
      ) : (
        <SettingsEditor
          key={`${customerId}/${integrationId} ${round}`}
          customerId={customerId}
          integrationId={integrationId}
          stored={settings.data}
          vendor={described.data}
          entityType={entityType}
          // Who may not save may still try.
          mayChange={mayChange}
          onReload={() => void reload()}
        />
      )}
    </PageOfCustomer>
  );
}
