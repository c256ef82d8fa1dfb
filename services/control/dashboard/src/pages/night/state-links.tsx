import { Link } from '@tanstack/react-router';
import { RunState } from '../../parts/run-state.tsx';
import styles from './night.module.css';
import { type Night, runStates } from './night.ts';

interface StateLinksProps {
  readonly night: string;
  readonly tally: Night['tally']['runs'];
}

/** The one whose state the address names is the current one. */
const exactly = { exact: true, includeSearch: true } as const;

/** How many runs there are of each state; each is the way to these alone. */
export function StateLinks({ night, tally }: StateLinksProps) {
  const all = Object.values(tally).reduce((sum, each) => sum + each, 0);
  return (
    <nav aria-label="Runs by state" className={styles.states}>
      <Link to="/nights/$night" params={{ night }} search={{}} activeOptions={exactly} resetScroll={false}>
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
            activeOptions={exactly}
            resetScroll={false}
          >
            {tally[state]?.toLocaleString()} <RunState state={state} />
          </Link>
        ))}
    </nav>
  );
}
