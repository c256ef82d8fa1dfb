import { getRouteApi, Link } from '@tanstack/react-router';
import { Callout } from '../../parts/callout.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { useCall } from '../../rpc/use-call.ts';
import { PageOfCustomer } from '../../shell/page-of-customer.tsx';
import { useSession } from '../../shell/use-session.ts';
import { ConnectForm } from './connect-form.tsx';
import { VendorChoice } from './vendor-choice.tsx';

const route = getRouteApi('/customers/$customerId/connect');

export function ConnectPage() {
  const { customerId } = route.useParams();
  const { vendor, integrationId } = route.useSearch();
  const session = useSession();
  const isChange = integrationId !== undefined;
  return (
    <PageOfCustomer
      customerId={customerId}
      title={isChange ? `Connection of ${integrationId}` : 'Connect a system'}
      trail={
        <>
          {isChange ? (
            <Link
              to="/customers/$customerId/integrations/$integrationId"
              params={{ customerId, integrationId }}
            >
              {integrationId}
            </Link>
          ) : vendor === undefined ? null : (
            <Link to="/customers/$customerId/connect" params={{ customerId }}>
              Another vendor
            </Link>
          )}
        </>
      }
    >
      {session !== undefined && session.role !== 'admin' ? (
        <Callout tone="calm" title="Your role may look, but not connect systems">
          <p>Ask somebody with the role admin.</p>
        </Callout>
      ) : vendor === undefined && !isChange ? (
        <VendorChoice customerId={customerId} />
      ) : (
        <VendorForm customerId={customerId} vendor={vendor} integrationId={integrationId} />
      )}
    </PageOfCustomer>
  );
}

interface VendorFormProps {
  readonly customerId: string;
  readonly vendor: string | undefined;
  readonly integrationId: string | undefined;
}

function VendorForm({ customerId, vendor: named, integrationId }: VendorFormProps) {
  const known = useCall('integrations.list.v1', { customerId });
  const existing = known.data?.integrations.find((each) => each.integrationId === integrationId);
  const vendor = existing?.vendor ?? named;
  const described = useCall('vendors.get.v1', { vendor: vendor ?? '' }, { isWanted: vendor !== undefined });
  const error = known.error ?? described.error;

  if (error !== null) {
    return (
      <LoadFailure
        error={error}
        onRetry={() => void Promise.all([known.refetch(), vendor === undefined ? null : described.refetch()])}
      />
    );
  }
  if (known.data !== undefined && integrationId !== undefined && existing === undefined) {
    return <Callout tone="bad" title="This customer has no such integration" />;
  }
  if (known.data === undefined || described.data === undefined)
    return <Loading what="what the vendor needs" />;
  return (
    <ConnectForm
      key={described.data.vendor}
      customerId={customerId}
      vendor={described.data}
      existing={existing}
      takenIds={known.data.integrations.map((each) => each.integrationId)}
    />
  );
}
