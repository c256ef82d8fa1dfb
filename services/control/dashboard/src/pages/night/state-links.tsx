import { Link } from '@tanstack/react-router';
import { RunState } from '../../parts/run-state.tsx';
import styles from './night.module.css';
import { type Night, runStates } from './night.ts';

interface StateLinksProps {
  readonly night: string;
  readonly tally: Night['tally']['runs'];
  readonly chosen: string | undefined;
}

/** How many runs there are of each state; each is the way to these alone. */
export function StateLinks({ night, tally, chosen }: StateLinksProps) {
  const all = Object.values(tally).reduce((sum, each) => sum + each, 0);
  return (
    <nav aria-label="Runs by state" className={styles.states}>
      <Link
        to="/nights/$night"
        params={{ night }}
        search={{}}
        aria-current={chosen === undefined ? 'true' : undefined}
        resetScroll={false}
      >
        {all.toLocaleString()} in all
      </Link>
      {runStates
        .filter((state) => (tally[state] ?? 0) > 0)
        .map((state) => (
          <Link
            key={state}
            to="/nights/$night"
            params={{ night }}
            search={{ state }}
            aria-current={chosen === state ? 'true' : undefined}
            resetScroll={false}
          >
            {tally[state]?.toLocaleString()} <RunState state={state} />
          </Link>
        ))}
    </nav>
  );
}
