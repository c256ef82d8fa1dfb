import { Link } from '@tanstack/react-router';
import { Moment } from '../../parts/moment.tsx';
import { RunState } from '../../parts/run-state.tsx';
import type { Report } from './run-facts.ts';

/** The later run that was to take this one back, and did not: what the verdict says of this one holds still. */
export function TakenBack({ report: { customerId, takenBack } }: { readonly report: Report }) {
  if (takenBack === null || takenBack.extent !== 'none') return null;
  const { runId, at, state } = takenBack;
  return (
    <p>
      <Link to="/customers/$customerId/runs/$runId" params={{ customerId, runId }}>
        A later run was to take it back
      </Link>
      , <Moment at={at} />, and nothing came of it, or it was itself taken back. <RunState state={state} />
    </p>
  );
}
