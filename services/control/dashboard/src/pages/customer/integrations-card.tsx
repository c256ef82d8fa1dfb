import { Link } from '@tanstack/react-router';
import { Badge } from '../../parts/badge.tsx';
import { ButtonLink } from '../../parts/button-link.tsx';
import { Card } from '../../parts/card.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Moment } from '../../parts/moment.tsx';
import { RunState } from '../../parts/run-state.tsx';
import { sayCount } from '../../parts/say-count.ts';
import type { ResultOf } from '../../rpc/call.ts';
import { useCall } from '../../rpc/use-call.ts';

interface IntegrationsCardProps {
  readonly customerId: string;
  readonly mayChange: boolean;
}

/** The systems of a customer, and how each stands. */
export function IntegrationsCard({ customerId, mayChange }: IntegrationsCardProps) {
  const { data, error, refetch } = useCall(
    'integrations.list.v1',
    { customerId },
    { pollMs: (result) => (result?.integrations.some((each) => each.currentRun !== null) ? 3_000 : false) },
  );
  const connect = mayChange ? (
    <ButtonLink kind="main" to="/customers/$customerId/connect" params={{ customerId }}>
      Connect a system
    </ButtonLink>
  ) : null;
  return (
    <Card title="Integrations" actions={connect}>
      {error === null ? null : <LoadFailure error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null ? <Loading what="integrations" /> : null}
      {data === undefined ? null : (
        <IntegrationTable customerId={customerId} integrations={data.integrations} mayChange={mayChange} />
      )}
    </Card>
  );
}

type Integration = ResultOf<'integrations.list.v1'>['integrations'][number];

function IntegrationTable({
  customerId,
  integrations,
  mayChange,
}: IntegrationsCardProps & { readonly integrations: readonly Integration[] }) {
  return (
    <DataTable
      caption="Integrations"
      rows={integrations}
      keyOf={({ integrationId }) => integrationId}
      empty={
        mayChange
          ? 'Nothing is connected yet. Connect a system: a form asks for what it needs.'
          : 'Nothing is connected yet. Somebody with the role admin can connect a system.'
      }
      columns={[
        {
          title: 'Integration',
          cell: ({ integrationId }) => (
            <Link
              to="/customers/$customerId/integrations/$integrationId"
              params={{ customerId, integrationId }}
            >
              {integrationId}
            </Link>
          ),
        },
        { title: 'Vendor', cell: ({ vendor }) => vendor },
        {
          title: 'Last run',
          cell: ({ lastRun, currentRun }) => (
            <>
              {lastRun === null ? 'none yet' : <RunOf customerId={customerId} run={lastRun} />}
              {currentRun === null ? null : (
                <>
                  {' '}
                  now: <RunOf customerId={customerId} run={currentRun} />
                </>
              )}
            </>
          ),
        },
        {
          title: 'To decide',
          cell: (integration) => <ToDecide customerId={customerId} integration={integration} />,
        },
        {
          title: 'Next start',
          cell: ({ state, nextStart }) =>
            state === 'paused' ? (
              <Badge tone="warn">paused</Badge>
            ) : (
              <Moment at={nextStart} absent="with the fleet" />
            ),
        },
      ]}
    />
  );
}

function ToDecide({
  customerId,
  integration: { integrationId, openConflicts, lastRun, currentRun },
}: {
  readonly customerId: string;
  readonly integration: Integration;
}) {
  const held = [currentRun, lastRun].find((run) => run?.state === 'held');
  if (openConflicts === 0 && held == null) return 'nothing';
  return (
    <>
      {held == null ? null : (
        <Link to="/customers/$customerId/runs/$runId" params={{ customerId, runId: held.runId }}>
          the held run
        </Link>
      )}
      {held == null || openConflicts === 0 ? null : ', '}
      {openConflicts === 0 ? null : (
        <Link to="/customers/$customerId/conflicts" params={{ customerId }} search={{ integrationId }}>
          {sayCount(openConflicts, 'conflict')}
        </Link>
      )}
    </>
  );
}

function RunOf({
  customerId,
  run: { runId, state, finishedAt, heldSince, requestedAt },
}: {
  readonly customerId: string;
  readonly run: NonNullable<Integration['currentRun']>;
}) {
  return (
    <>
      <RunState state={state} />{' '}
      <Link to="/customers/$customerId/runs/$runId" params={{ customerId, runId }}>
        <Moment at={finishedAt ?? heldSince ?? requestedAt} />
      </Link>
    </>
  );
}
