import { Link } from '@tanstack/react-router';
import { DataTable } from '../../parts/data-table.tsx';
import { RunState } from '../../parts/run-state.tsx';
import { type Night, sayNight } from './fleet.ts';
import styles from './night-table.module.css';

/** The last nights, each with its runs by state. */
export function NightTable({ nights }: { readonly nights: readonly Night[] }) {
  return (
    <DataTable
      caption="The last nights"
      rows={nights}
      keyOf={({ night }) => night}
      empty="None yet."
      columns={[
        {
          title: 'Night',
          cell: ({ night }) => (
            <Link to="/nights/$night" params={{ night }}>
              {sayNight(night)}
            </Link>
          ),
        },
        {
          title: 'Runs',
          cell: ({ night, runs }) => (
            <span className={styles.states}>
              {Object.entries(runs).map(([state, count]) => (
                <Link key={state} to="/nights/$night" params={{ night }} search={{ state }}>
                  {count} <RunState state={state} />
                </Link>
              ))}
            </span>
          ),
        },
        {
          title: 'Left out',
          cell: ({ leftOut }) =>
            Object.entries(leftOut)
              .map(([reason, count]) => `${count} ${reason.replaceAll('_', ' ')}`)
              .join(', ') || 'none',
        },
      ]}
    />
  );
}
