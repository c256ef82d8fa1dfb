import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Card } from '../../parts/card.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Pager } from '../../parts/pager.tsx';
import { useCall } from '../../rpc/use-call.ts';
import { PageOfCustomer } from '../../shell/page-of-customer.tsx';
import { RecordTable } from './record-table.tsx';
import { RecordsFilter } from './records-filter.tsx';

const route = getRouteApi('/customers/$customerId/integrations/$integrationId/records/$entityType');
const pageSize = 50;

/** The records of one entity type, page by page. */
export function RecordsPage() {
  const { customerId, integrationId, entityType } = route.useParams();
  const { only: asked, after } = route.useSearch();
  const navigate = useNavigate();
  const only = asked === 'edited' || asked === 'conflicting' ? asked : undefined;
  const scope = { customerId, integrationId, entityType };
  const { data, error, refetch } = useCall('records.list.v1', {
    ...scope,
    values: true,
    limit: pageSize,
    ...(only === undefined ? {} : { only }),
    ...(after === undefined ? {} : { after }),
  });

  return (
    <PageOfCustomer
      customerId={customerId}
      title={`Records: ${entityType}`}
      trail={
        <>
          <Link
            to="/customers/$customerId/integrations/$integrationId"
            params={{ customerId, integrationId }}
          >
            {integrationId}
          </Link>
          <span>{entityType}</span>
        </>
      }
    >
      <RecordsFilter
        {...scope}
        only={only}
        onChoose={(next) =>
          void navigate({
            to: '/customers/$customerId/integrations/$integrationId/records/$entityType',
            params: { ...scope, entityType: next.entityType },
            search: next.only === undefined ? {} : { only: next.only },
          })
        }
      />
      {error === null ? null : <LoadFailure error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null ? <Loading what="records" /> : null}
      {data === undefined || error !== null ? null : (
        <Card title={titles[only ?? 'all']}>
          <RecordTable scope={scope} records={data.records} only={only} />
          <Pager after={after} next={data.next} />
        </Card>
      )}
    </PageOfCustomer>
  );
}

const titles = {
  all: 'All, in order of id',
  edited: 'Changed on our side, and not at the vendor yet',
  conflicting: 'Held until somebody decides',
} as const;
