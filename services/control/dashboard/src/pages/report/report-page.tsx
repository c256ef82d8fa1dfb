import { getRouteApi, Link } from '@tanstack/react-router';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { RunState } from '../../parts/run-state.tsx';
import { useCall } from '../../rpc/use-call.ts';
import { PageOfCustomer } from '../../shell/page-of-customer.tsx';
import { EndedRun } from './ended-run.tsx';
import { LiveProgress } from './live-progress.tsx';
import { isUnderWay, type RunDetail } from './run-facts.ts';

const route = getRouteApi('/customers/$customerId/runs/$runId');
const pollMs = 1_000;

/** One run: how far it is while it goes on, and its report as soon as it has ended or is held. */
export function ReportPage() {
  const { customerId, runId } = route.useParams();
  // Each run has a page of its own, though it is shown where another one was.
  return <OneRun key={runId} customerId={customerId} runId={runId} />;
}

function OneRun({ customerId, runId }: { readonly customerId: string; readonly runId: string }) {
  const {
    data: run,
    error,
    refetch,
  } = useCall(
    'runs.get.v1',
    { customerId, runId },
    { pollMs: (last) => (last !== undefined && isUnderWay(last) ? pollMs : false) },
  );
  return (
    <PageOfCustomer
      customerId={customerId}
      title={run === undefined ? 'Run' : titleOf(run)}
      trail={
        <>
          <Link to="/customers/$customerId/runs" params={{ customerId }}>
            Runs
          </Link>
          {run === undefined ? null : <span>{run.runId.slice(0, 8)}</span>}
        </>
      }
      actions={run === undefined ? null : <RunState state={run.state} />}
    >
      <p role="status" className="visually-hidden">
        {run === undefined ? '' : `State of the run: ${run.state}.`}
      </p>
      {error === null ? null : <LoadFailure error={error} onRetry={() => void refetch()} />}
      {run === undefined && error === null ? <Loading what="the run" /> : null}
      {run === undefined ? null : isUnderWay(run) ? (
        <LiveProgress run={run} />
      ) : (
        <EndedRun key={`${run.state} ${run.finishedAt ?? run.heldSince}`} run={run} />
      )}
    </PageOfCustomer>
  );
}

function titleOf({ integrationId, isDryRun, reverts }: RunDetail): string {
  if (reverts !== null) return `Taking back of a run of ${integrationId}`;
  return `${isDryRun ? 'Dry run' : 'Run'} of ${integrationId}`;
}
