import { getRouteApi } from '@tanstack/react-router';
import { Card } from '../../parts/card.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Pager } from '../../parts/pager.tsx';
import { RecordChanges } from '../../parts/record-change.tsx';
import type { ResultOf } from '../../rpc/call.ts';
import { useCall } from '../../rpc/use-call.ts';
import { actionOf, directionOf, PlanFilters } from './plan-filters.tsx';
import { PlannedRecord } from './planned-record.tsx';

const route = getRouteApi('/customers/$customerId/runs/$runId/plan');
const limit = 50;

/** Record by record what would change, as far as the address asks for it. */
export function PlannedRecords({ run }: { readonly run: ResultOf<'runs.get.v1'> }) {
  const { entityType, search, after, ...chosen } = route.useSearch();
  const direction = directionOf(chosen.direction);
  const action = actionOf(chosen.action);
  const { customerId, runId } = run;
  const { data, error, refetch } = useCall('runs.plan.v1', {
    customerId,
    runId,
    limit,
    ...(entityType === undefined ? {} : { entityType }),
    ...(direction === undefined ? {} : { direction }),
    ...(chosen.action === 'conflict' ? { conflicting: true } : {}),
    ...(action === undefined ? {} : { action }),
    ...(search === undefined ? {} : { search }),
    ...(after === undefined ? {} : { after: toPlace(after) }),
  });
  const isFiltered = entityType !== undefined || search !== undefined || Object.keys(chosen).length > 0;
  return (
    <Card title="Record by record">
      <PlanFilters entityTypes={run.entityTypes.map((each) => each.entityType)} />
      {error === null ? null : <LoadFailure error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null ? <Loading what="the records" /> : null}
      {data === undefined || error !== null ? null : (
        <>
          {data.records.length > 0 ? (
            <RecordChanges>
              {data.records.map((record) => (
                <PlannedRecord
                  key={`${record.entityType}/${record.recordId}`}
                  run={run}
                  record={record}
                  direction={direction}
                  action={action}
                />
              ))}
            </RecordChanges>
          ) : (
            <p>{sayNone(isFiltered, data.next !== null)}</p>
          )}
          <Pager
            after={after}
            next={data.next === null ? null : `${data.next.entityType}/${data.next.recordId}`}
          />
        </>
      )}
    </Card>
  );
}

function sayNone(isFiltered: boolean, hasMore: boolean): string {
  if (hasMore) return 'None so far; there is more to look through on the next page.';
  if (isFiltered) return 'No record is like that. Take a filter away.';
  return 'No record would change, or it is longer ago than the 30 days for which plans are kept.';
}

/** An entity type has no slash in it; a record's id may. */
function toPlace(after: string): { readonly entityType: string; readonly recordId: string } {
  const slash = after.indexOf('/');
  return { entityType: after.slice(0, slash), recordId: after.slice(slash + 1) };
}
