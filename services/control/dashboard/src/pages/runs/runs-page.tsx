import { getRouteApi } from '@tanstack/react-router';
import { Card } from '../../parts/card.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Pager } from '../../parts/pager.tsx';
import type { ResultOf } from '../../rpc/call.ts';
import { useCall } from '../../rpc/use-call.ts';
import { PageOfCustomer } from '../../shell/page-of-customer.tsx';
import { RunCharts } from './run-charts.tsx';
import { contextOf, statesOf } from './run-choices.ts';
import { RunFilters } from './run-filters.tsx';
import { RunTable } from './run-table.tsx';

const route = getRouteApi('/customers/$customerId/runs');
const limit = 50;
/** While one of the runs goes on. */
const pollMs = 3_000;

/** A customer's runs, latest first, as far as the address asks for them; how long they took and how much they changed. */
export function RunsPage() {
  const { customerId } = route.useParams();
  const { integrationId, state, context: said, since, until, after } = route.useSearch();
  const states = statesOf(state);
  const context = contextOf(said);
  const { data, error, refetch } = useCall(
    'runs.list.v1',
    {
      customerId,
      limit,
      ...(integrationId === undefined ? {} : { integrationId }),
      ...(states === undefined ? {} : { states }),
      ...(context === undefined ? {} : { context }),
      ...(since === undefined ? {} : { since }),
      ...(until === undefined ? {} : { until }),
      ...(after === undefined ? {} : { after }),
    },
    { pollMs: (last) => (isAnyUnderWay(last) ? pollMs : false) },
  );
  const isFiltered = [integrationId, states, context, since, until].some((each) => each !== undefined);
  return (
    <PageOfCustomer customerId={customerId} title="Runs" trail={<span>Runs</span>}>
      <RunFilters customerId={customerId} />
      {error === null ? null : <LoadFailure error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null ? <Loading what="runs" /> : null}
      {data === undefined || error !== null ? null : (
        <>
          <RunCharts runs={data.runs} />
          <Card title="History">
            <RunTable runs={data.runs} empty={sayNone(isFiltered, data.next !== null)} />
            <Pager after={after} next={data.next} />
          </Card>
        </>
      )}
    </PageOfCustomer>
  );
}

function isAnyUnderWay(list: ResultOf<'runs.list.v1'> | undefined): boolean {
  return list?.runs.some(({ state }) => state === 'queued' || state === 'running') ?? false;
}

function sayNone(isFiltered: boolean, hasMore: boolean): string {
  if (hasMore) return 'None so far; there is more to look through on the next page.';
  if (isFiltered) return 'No run is like that. Take a filter away.';
  return 'Nothing has run yet. Open an integration of this customer, and sync it.';
}
