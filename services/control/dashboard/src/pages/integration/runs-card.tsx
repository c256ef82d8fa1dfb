import { Link } from '@tanstack/react-router';
import { ButtonLink } from '../../parts/button-link.tsx';
import { Card } from '../../parts/card.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Moment } from '../../parts/moment.tsx';
import { RunState } from '../../parts/run-state.tsx';
import { sayWhy } from '../../parts/say-why.ts';
import { useCall } from '../../rpc/use-call.ts';

interface RunsCardProps {
  readonly customerId: string;
  readonly integrationId: string;
}

/** The latest runs, whatever they were for. */
export function RunsCard({ customerId, integrationId }: RunsCardProps) {
  const { data, error, refetch } = useCall('runs.list.v1', { customerId, integrationId, limit: 5 });
  return (
    <Card
      title="Last runs"
      actions={
        <ButtonLink to="/customers/$customerId/runs" params={{ customerId }} search={{ integrationId }}>
          All runs
        </ButtonLink>
      }
    >
      {error === null ? null : <LoadFailure error={error} onRetry={() => void refetch()} />}
      {data === undefined ? (
        error === null ? (
          <Loading what="runs" />
        ) : null
      ) : (
        <DataTable
          caption="The last runs"
          rows={data.runs}
          keyOf={({ runId }) => runId}
          empty="None yet."
          columns={[
            {
              title: 'Asked for',
              cell: ({ runId, requestedAt }) => (
                <Link to="/customers/$customerId/runs/$runId" params={{ customerId, runId }}>
                  <Moment at={requestedAt} />
                </Link>
              ),
            },
            { title: 'Why', cell: sayWhy },
            { title: 'State', cell: ({ state }) => <RunState state={state} /> },
            {
              title: 'Changed here',
              isNumber: true,
              cell: ({ totals: { created, updated, deleted } }) =>
                (created + updated + deleted).toLocaleString(),
            },
            {
              title: 'At the vendor',
              isNumber: true,
              cell: ({ totals: { pushCreated, pushUpdated, pushDeleted } }) =>
                (pushCreated + pushUpdated + pushDeleted).toLocaleString(),
            },
          ]}
        />
      )}
    </Card>
  );
}
