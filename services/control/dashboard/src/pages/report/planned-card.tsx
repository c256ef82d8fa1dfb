import { ButtonLink } from '../../parts/button-link.tsx';
import { Card } from '../../parts/card.tsx';
import { ExceededLimits } from '../../parts/exceeded-limits.tsx';
import { limitsOf } from '../../parts/limits-of.ts';
import { PlannedCounts } from '../../parts/planned-counts.tsx';
import { isPlanOnly, type RunDetail } from './run-facts.ts';

/** Of a dry run, and of one that is or was held: what it would have changed, in numbers. */
export function PlannedCard({ run }: { readonly run: RunDetail }) {
  const { customerId, runId, entityTypes, state } = run;
  if (!isPlanOnly(run) || state === 'failed') return null;
  const limits = limitsOf(entityTypes);
  return (
    <Card
      title={state === 'held' ? 'What would change' : 'What would have changed'}
      actions={
        <ButtonLink to="/customers/$customerId/runs/$runId/plan" params={{ customerId, runId }}>
          Record by record
        </ButtonLink>
      }
    >
      <PlannedCounts run={run} />
      {limits.length === 0 ? null : (
        <>
          <h3>{state === 'held' ? 'Why it is held' : 'Limits that it was over'}</h3>
          <ExceededLimits run={run} limits={limits} />
        </>
      )}
    </Card>
  );
}
