import { Badge } from '../../parts/badge.tsx';
import { RunState } from '../../parts/run-state.tsx';
import type { ResultOf } from '../../rpc/call.ts';
import styles from './customers-page.module.css';

type Standing = ResultOf<'customers.list.v1'>['customers'][number]['standing'];

/** How a customer's integrations are, by their last runs: the state alone where all are of one. */
export function Standing({ standing: { integrations, paused, byLastRun } }: { readonly standing: Standing }) {
  if (integrations === 0) return <span className={styles.soft}>none connected</span>;
  return (
    <span className={styles.states}>
      {Object.entries(byLastRun).map(([state, count]) => (
        <span key={state}>
          {count} {state === 'never' ? 'never ran' : <RunState state={state} />}
        </span>
      ))}
      {paused === 0 ? null : <Badge tone="warn">{paused} paused</Badge>}
    </span>
  );
}
