import { Link } from '@tanstack/react-router';
import { DataTable } from '../../parts/data-table.tsx';
import { Duration } from '../../parts/duration.tsx';
import { Moment } from '../../parts/moment.tsx';
import { RunState } from '../../parts/run-state.tsx';
import { sayWhy } from '../../parts/say-why.ts';
import { VendorText } from '../../parts/vendor-text.tsx';
import { type ListedRun, secondsOf } from './run-charts.tsx';
import styles from './runs.module.css';

/** Runs, one a row, with what came of their records. */
export function RunTable({ runs, empty }: { readonly runs: readonly ListedRun[]; readonly empty: string }) {
  return (
    <DataTable
      caption="Runs, latest first"
      rows={runs}
      keyOf={({ runId }) => runId}
      empty={empty}
      columns={[
        {
          title: 'Asked for',
          cell: ({ customerId, runId, requestedAt }) => (
            <Link to="/customers/$customerId/runs/$runId" params={{ customerId, runId }}>
              <Moment at={requestedAt} />
            </Link>
          ),
        },
        { title: 'Integration', cell: ({ integrationId }) => integrationId },
        { title: 'State', cell: (run) => <HowItStands run={run} /> },
        { title: 'Why', cell: sayWhy },
        { title: 'Took', isNumber: true, cell: (run) => <Took run={run} /> },
        { title: 'Read', isNumber: true, cell: ({ totals }) => totals.received.toLocaleString() },
        { title: 'Changed here', isNumber: true, cell: ({ totals }) => sayChanges(totals) },
        { title: 'At the vendor', isNumber: true, cell: ({ totals }) => sayPushes(totals) },
        { title: 'To look at', cell: ({ totals }) => sayLeft(totals) },
      ]}
    />
  );
}

function HowItStands({ run: { state, failure } }: { readonly run: ListedRun }) {
  return (
    <>
      <RunState state={state} />
      {failure === null ? null : (
        <>
          {' '}
          <span className={styles.soft}>
            <VendorText value={failure.message} isVerbatim />
          </span>
        </>
      )}
    </>
  );
}

function Took({ run }: { readonly run: ListedRun }) {
  const seconds = secondsOf(run);
  return seconds === null ? '–' : <Duration seconds={seconds} />;
}

type Totals = ListedRun['totals'];

function sayChanges({ created, updated, deleted }: Totals): string {
  return sayActions(created, updated, deleted);
}

function sayPushes({ pushCreated, pushUpdated, pushDeleted }: Totals): string {
  return sayActions(pushCreated, pushUpdated, pushDeleted);
}

/** `3 new, 12 changed`; what is none is left out. */
function sayActions(created: number, updated: number, deleted: number): string {
  const parts = [
    created === 0 ? '' : `${created.toLocaleString()} new`,
    updated === 0 ? '' : `${updated.toLocaleString()} changed`,
    deleted === 0 ? '' : `${deleted.toLocaleString()} deleted`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? '–' : parts.join(', ');
}

function sayLeft({ quarantined, conflicted, pushFailed }: Totals): string {
  const parts = [
    quarantined === 0 ? '' : `${quarantined.toLocaleString()} left out`,
    conflicted === 0 ? '' : `${conflicted.toLocaleString()} in conflict`,
    pushFailed === 0 ? '' : `${pushFailed.toLocaleString()} refused`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? '–' : parts.join(', ');
}
