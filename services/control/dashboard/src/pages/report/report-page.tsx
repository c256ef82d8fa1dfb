import { getRouteApi, Link } from '@tanstack/react-router';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { isNoSuch, NoSuch } from '../../parts/no-such.tsx';
import { RunState } from '../../parts/run-state.tsx';
import { useCall } from '../../rpc/use-call.ts';
import { PageOfCustomer } from '../../shell/page-of-customer.tsx';
import { EndedRun } from './ended-run.tsx';
import { LiveProgress } from './live-progress.tsx';
import { amounts, isRevertible, isUnderWay, type RunDetail, reportParams } from './run-facts.ts';

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
      actions={run === undefined ? null : <StateNow run={run} />}
    >
      <p role="status" className="visually-hidden">
        {run === undefined ? '' : `State of the run: ${run.state}.`}
      </p>
      {isNoSuch(error, '/runId') ? (
        <NoSuch sentence="This customer has no run with the id" named={runId}>
          <Link to="/customers/$customerId/runs" params={{ customerId }}>
            All its runs
          </Link>{' '}
          are listed by time.
        </NoSuch>
      ) : error === null ? null : (
        <LoadFailure error={error} onRetry={() => void refetch()} />
      )}
      {run === undefined && error === null ? <Loading what="the run" /> : null}
      {run === undefined ? null : isUnderWay(run) ? (
        <LiveProgress run={run} />
      ) : (
        <EndedRun key={`${run.state} ${run.finishedAt ?? run.heldSince}`} run={run} />
      )}
    </PageOfCustomer>
  );
}

/** The run's state, and of one that was taken back this: nobody must think that what succeeded once stands. */
function StateNow({ run }: { readonly run: RunDetail }) {
  return isRevertible(run) ? <StateOfApplied run={run} /> : <RunState state={run.state} />;
}

function StateOfApplied({ run }: { readonly run: RunDetail }) {
  // The same that the report below is first asked for with: it is fetched once.
  const [few] = amounts;
  const { data: report } = useCall('runs.report.v1', reportParams(run, { changes: few, problems: few }));
  const extent = report?.takenBack?.extent;
  if (extent === 'whole') return <RunState state="taken back" />;
  if (extent === 'part') return <RunState state="taken back in part" />;
  return <RunState state={run.state} />;
}

function titleOf({ integrationId, isDryRun, reverts }: RunDetail): string {
  if (reverts !== null) return `Taking back of a run of ${integrationId}`;
  return `${isDryRun ? 'Dry run' : 'Run'} of ${integrationId}`;
}
