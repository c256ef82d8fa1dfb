import { Link } from '@tanstack/react-router';
import { Moment } from '../../parts/moment.tsx';
import { RunState } from '../../parts/run-state.tsx';
import { useCall } from '../../rpc/use-call.ts';
import { isRevertible, type RunDetail } from './run-facts.ts';

/** The later run that took this one back, or was to: what is told of this one is no longer how things are. */
export function TakenBack({ run }: { readonly run: RunDetail }) {
  const { customerId, integrationId, runId, requestedAt } = run;
  const { data } = useCall(
    'runs.list.v1',
    { customerId, integrationId, method: 'runs.revert', since: requestedAt, limit: 100 },
    { isWanted: isRevertible(run) },
  );
  const later = data?.runs.find(({ reverts }) => reverts === runId);
  if (later === undefined) return null;
  return (
    <p>
      <Link to="/customers/$customerId/runs/$runId" params={{ customerId, runId: later.runId }}>
        {later.state === 'succeeded' ? 'It has been taken back since' : 'A later run was to take it back'}
      </Link>
      , <Moment at={later.requestedAt} />. <RunState state={later.state} />
    </p>
  );
}
