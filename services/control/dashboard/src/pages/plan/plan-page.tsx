import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { ButtonLink } from '../../parts/button-link.tsx';
import { Callout } from '../../parts/callout.tsx';
import { Card } from '../../parts/card.tsx';
import { DecideRun } from '../../parts/decide-run.tsx';
import { ExceededLimits } from '../../parts/exceeded-limits.tsx';
import { limitsOf } from '../../parts/limits-of.ts';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Moment } from '../../parts/moment.tsx';
import { PlannedCounts } from '../../parts/planned-counts.tsx';
import { RunState } from '../../parts/run-state.tsx';
import type { ResultOf } from '../../rpc/call.ts';
import { useCall } from '../../rpc/use-call.ts';
import { PageOfCustomer } from '../../shell/page-of-customer.tsx';
import { useMayChange } from '../../shell/use-session.ts';
import styles from './plan.module.css';
import { PlannedRecords } from './planned-records.tsx';

type Run = ResultOf<'runs.get.v1'>;

const route = getRouteApi('/customers/$customerId/runs/$runId/plan');

/** What a held run or a dry run would change: in numbers, why it is held, record by record; and the decision. */
export function PlanPage() {
  const { customerId, runId } = route.useParams();
  const { data: run, error, refetch } = useCall('runs.get.v1', { customerId, runId });
  return (
    <PageOfCustomer
      customerId={customerId}
      title={run === undefined ? 'What would change' : `What a run of ${run.integrationId} would change`}
      trail={
        <>
          <Link to="/customers/$customerId/runs" params={{ customerId }}>
            Runs
          </Link>
          <Link to="/customers/$customerId/runs/$runId" params={{ customerId, runId }}>
            {runId.slice(0, 8)}
          </Link>
          <span>plan</span>
        </>
      }
      actions={run === undefined ? null : <RunState state={run.state} />}
    >
      {error === null ? null : <LoadFailure error={error} onRetry={() => void refetch()} />}
      {run === undefined && error === null ? <Loading what="the plan" /> : null}
      {run === undefined ? null : <Plan run={run} />}
    </PageOfCustomer>
  );
}

function Plan({ run }: { readonly run: Run }) {
  const { entityTypes } = run;
  const limits = limitsOf(entityTypes);
  return (
    <>
      <Standing run={run} />
      {limits.length === 0 ? null : (
        <Card title={run.state === 'held' ? 'Why it is held' : 'Limits that it is over'}>
          <ExceededLimits run={run} limits={limits} />
        </Card>
      )}
      <Card title="In numbers">
        <PlannedCounts run={run} />
      </Card>
      <PlannedRecords run={run} />
    </>
  );
}

/** How the run stands, and what can be done about it. */
function Standing({ run }: { readonly run: Run }) {
  const mayChange = useMayChange();
  const navigate = useNavigate();
  const { customerId, runId, integrationId, state, heldSince, expiresAt, isDryRun, decision } = run;
  const report = { to: '/customers/$customerId/runs/$runId', params: { customerId, runId } } as const;
  if (state === 'held') {
    return (
      <Callout tone="warn" title="Held: nothing of this has been changed. Approve or reject it.">
        <p>
          Held since <Moment at={heldSince} />
          {expiresAt === null ? null : (
            <>
              ; it ends by itself, without a change, on <Moment at={expiresAt} />
            </>
          )}
          .
        </p>
        {mayChange ? (
          <div className={styles.actions}>
            <DecideRun
              customerId={customerId}
              runId={runId}
              heldSince={heldSince}
              onDecided={() => void navigate(report)}
            />
          </div>
        ) : (
          <p>Somebody with the role admin can approve or reject it.</p>
        )}
      </Callout>
    );
  }
  if (isDryRun) {
    return (
      <Callout tone="calm" title="A dry run: nothing was changed, and nothing will be by it.">
        <p className={styles.actions}>
          <ButtonLink
            to="/customers/$customerId/integrations/$integrationId"
            params={{ customerId, integrationId }}
          >
            To the integration, to sync for real
          </ButtonLink>
          <Link {...report}>Report</Link>
        </p>
      </Callout>
    );
  }
  return (
    <Callout tone="calm" title={sayEnd(state, decision?.by)}>
      <p>
        <Link {...report}>What became of it, is in its report</Link>
      </p>
    </Callout>
  );
}

function sayEnd(state: string, by: string | undefined): string {
  if (state === 'rejected') return `Rejected by ${by ?? 'somebody'}: nothing of this was changed.`;
  if (state === 'expired') return 'It was held, and ended without a decision: nothing of this was changed.';
  if (state === 'queued' || state === 'running') return 'The run goes on.';
  return 'This run is over.';
}
