import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { Callout } from '../../parts/callout.tsx';
import { RunState } from '../../parts/run-state.tsx';
import { useCall } from '../../rpc/use-call.ts';
import { type Resolved, sayConflicts } from './review-dialog.tsx';

interface DecidedCalloutProps {
  readonly customerId: string;
  readonly resolved: Resolved;
}

/** What was decided, and the runs that follow it. Takes the focus: the row that had it may be gone. */
export function DecidedCallout({ customerId, resolved: { conflicts, runIds } }: DecidedCalloutProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus(), [conflicts]);
  const title =
    conflicts.length === 1 ? 'One conflict is decided' : `${sayConflicts(conflicts.length)} are decided`;
  return (
    <div ref={place} tabIndex={-1}>
      <Callout tone="good" title={title}>
        {runIds.length === 0 ? <p>The next run of each integration follows the decisions.</p> : null}
        {runIds.map((runId) => (
          <FollowingRun key={runId} customerId={customerId} runId={runId} />
        ))}
      </Callout>
    </div>
  );
}

function FollowingRun({ customerId, runId }: { readonly customerId: string; readonly runId: string }) {
  const { data } = useCall(
    'runs.get.v1',
    { customerId, runId },
    { pollMs: (run) => (isUnderWay(run?.state) ? 1_000 : false) },
  );
  const queries = useQueryClient();
  const hasEnded = !isUnderWay(data?.state);
  useEffect(() => {
    if (hasEnded) void queries.invalidateQueries({ queryKey: ['conflicts.list.v1'] });
  }, [hasEnded, queries]);
  return (
    <p>
      <Link to="/customers/$customerId/runs/$runId" params={{ customerId, runId }}>
        {data === undefined ? 'The run' : `The run of ${data.integrationId}`} that merges them
      </Link>{' '}
      {data === undefined ? null : <RunState state={data.state} />}
    </p>
  );
}

function isUnderWay(state: string | undefined): boolean {
  return state === undefined || state === 'queued' || state === 'running';
}
