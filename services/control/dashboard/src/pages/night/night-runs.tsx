import { Link } from '@tanstack/react-router';
import { CustomerLink } from '../../parts/customer-link.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Duration } from '../../parts/duration.tsx';
import { Moment } from '../../parts/moment.tsx';
import { RunState } from '../../parts/run-state.tsx';
import { VendorLine, VendorText } from '../../parts/vendor-text.tsx';
import type { Night } from './night.ts';

type Run = Night['runs'][number];

interface NightRunsProps {
  readonly runs: readonly Run[];
  readonly caption: string;
  readonly empty: string;
}

/** Runs of a night, of any customer. */
export function NightRuns({ runs, caption, empty }: NightRunsProps) {
  return (
    <DataTable
      caption={caption}
      rows={runs}
      keyOf={({ runId }) => runId}
      empty={empty}
      columns={[
        {
          title: 'Customer',
          cell: ({ customerId, customerName }) => (
            <CustomerLink customerId={customerId} customerName={customerName} />
          ),
        },
        { title: 'Integration', cell: ({ integrationId }) => integrationId },
        { title: 'State', cell: ({ state }) => <RunState state={state} /> },
        {
          title: 'What is the matter',
          cell: (run) => <VendorText value={sayMatter(run)} isVerbatim />,
        },
        { title: 'Began', cell: ({ startedAt }) => <Moment at={startedAt} /> },
        { title: 'Took', isNumber: true, cell: (run) => <Took run={run} /> },
        {
          title: 'Report',
          cell: (run) => (
            <Link to="/customers/$customerId/runs/$runId" params={run}>
              {run.state === 'running' || run.state === 'queued' ? 'Progress' : 'Report'}
              <span className="visually-hidden">
                {' '}
                of <VendorLine text={run.customerName} />, {run.integrationId}
              </span>
            </Link>
          ),
        },
      ]}
    />
  );
}

function sayMatter({ state, failure }: Run): string {
  if (failure !== null) return failure.message;
  if (state === 'held') return 'Waits to be approved or rejected';
  if (state === 'partial') return 'Something was left undone; the report says what';
  return '–';
}

function Took({ run: { startedAt, finishedAt } }: { readonly run: Run }) {
  if (startedAt === null || finishedAt === null) return '–';
  return <Duration seconds={(Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000} />;
}
