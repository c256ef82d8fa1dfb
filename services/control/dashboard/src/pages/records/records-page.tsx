import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Card } from '../../parts/card.tsx';
import { chooseInSearch } from '../../parts/choose-in-search.ts';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Pager } from '../../parts/pager.tsx';
import { useCall } from '../../rpc/use-call.ts';
import { PageOfCustomer } from '../../shell/page-of-customer.tsx';
import { NoRecords } from './no-records.tsx';
import { RecordTable } from './record-table.tsx';
import { RecordsFilter } from './records-filter.tsx';

const route = getRouteApi('/customers/$customerId/integrations/$integrationId/records/$entityType');
const pageSize = 50;

/** The records of one entity type, page by page. */
export function RecordsPage() {
  const { customerId, integrationId, entityType } = route.useParams();
  const { only: asked, search, after } = route.useSearch();
  const navigate = useNavigate();
  const only = asked === 'edited' || asked === 'conflicting' ? asked : undefined;
  const scope = { customerId, integrationId, entityType };
  const { data, error, refetch } = useCall('records.list.v1', {
    ...scope,
    values: true,
    limit: pageSize,
    ...(only === undefined ? {} : { only }),
    ...(search === undefined ? {} : { search }),
    ...(after === undefined ? {} : { after }),
  });

  // A search looks through so many records at a time, and may end before its page is full.
  const isShort = data !== undefined && data.next !== null && data.records.length < pageSize;

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
        search={search}
        onChoose={({ entityType: chosen = entityType, ...next }) =>
          void navigate({
            to: '/customers/$customerId/integrations/$integrationId/records/$entityType',
            params: { ...scope, entityType: chosen },
            search: (before) => chooseInSearch(before, next),
          })
        }
      />
      {error === null ? null : <LoadFailure error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null ? <Loading what="records" /> : null}
      {data === undefined || error !== null ? null : (
        <Card title={search === undefined ? titles[only ?? 'all'] : 'Found, in order of id'}>
          <RecordTable
            scope={scope}
            records={data.records}
            empty={<NoRecords scope={scope} only={only} search={search} isLast={data.next === null} />}
          />
          {isShort ? <p role="status">{saySearched(data.searched ?? 0, data.records.length)}</p> : null}
          <Pager after={after} next={data.next} {...(isShort ? { onward: 'Search on' } : {})} />
        </Card>
      )}
    </PageOfCustomer>
  );
}

function saySearched(searched: number, found: number): string {
  const many = searched.toLocaleString();
  return `Searched ${many} records from here on and found ${found === 0 ? 'none' : found}; there are more to search.`;
}

const titles = {
  all: 'All, in order of id',
  edited: 'Changed on our side, and not at the vendor yet',
  conflicting: 'Held until somebody decides',
} as const;
