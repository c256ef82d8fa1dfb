import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Pager } from '../../parts/pager.tsx';
import { sayCount } from '../../parts/say-count.ts';
import { sayCron } from '../../parts/say-cron.ts';
import { VendorLine } from '../../parts/vendor-text.tsx';
import type { ResultOf } from '../../rpc/call.ts';
import { useCall } from '../../rpc/use-call.ts';
import { Page } from '../../shell/page.tsx';
import { useMayChange } from '../../shell/use-session.ts';
import { AddCustomer } from './add-customer.tsx';
import { Standing } from './standing.tsx';

type Customer = ResultOf<'customers.list.v1'>['customers'][number];

const route = getRouteApi('/customers');

export function CustomersPage() {
  const { after, add } = route.useSearch();
  const navigate = useNavigate();
  const mayChange = useMayChange();
  const { data, error, refetch } = useCall('customers.list.v1', {
    limit: 50,
    ...(after === undefined ? {} : { after }),
  });

  function showForm(isShown: boolean) {
    void navigate({ to: '/customers', search: isShown ? { add: 'yes' } : {} });
  }

  return (
    <Page
      title="Customers"
      actions={
        mayChange ? (
          <Button kind="main" onClick={() => showForm(true)}>
            Add a customer
          </Button>
        ) : undefined
      }
    >
      {add !== undefined && mayChange ? <AddCustomer onClose={() => showForm(false)} /> : null}
      {error === null ? null : <LoadFailure error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null ? <Loading what="customers" /> : null}
      {data === undefined ? null : (
        <Card title={after === undefined ? 'All, in order of their ids' : `After ${after}`}>
          <CustomerTable customers={data.customers} mayChange={mayChange} />
          <Pager after={after} next={data.next} />
        </Card>
      )}
    </Page>
  );
}

function CustomerTable({
  customers,
  mayChange,
}: {
  readonly customers: readonly Customer[];
  readonly mayChange: boolean;
}) {
  return (
    <DataTable
      caption="Customers"
      rows={customers}
      keyOf={({ customerId }) => customerId}
      empty={
        mayChange
          ? 'There is no customer yet. Add one, then connect its first system.'
          : 'There is no customer yet. Somebody with the role admin can add one.'
      }
      columns={[
        {
          title: 'Customer',
          cell: ({ customerId, name }) => (
            <Link to="/customers/$customerId" params={{ customerId }}>
              <VendorLine text={name} />
            </Link>
          ),
        },
        { title: 'Id', cell: ({ customerId }) => <code>{customerId}</code> },
        { title: 'Integrations', cell: ({ standing }) => <Standing standing={standing} /> },
        {
          title: 'Last run',
          cell: ({ customerId, standing }) => (
            <Link to="/customers/$customerId/runs" params={{ customerId }}>
              <Moment at={standing.lastRunAt} absent="none yet" />
            </Link>
          ),
        },
        {
          title: 'To decide',
          cell: ({ customerId, standing: { openConflicts, byLastRun } }) => (
            <ToDecide customerId={customerId} openConflicts={openConflicts} held={byLastRun.held ?? 0} />
          ),
        },
        {
          title: 'Nights begin',
          cell: ({ schedule, timeZone }) =>
            schedule === null ? 'with the fleet' : `${sayCron(schedule.cron)} (${timeZone})`,
        },
      ]}
    />
  );
}

interface ToDecideProps {
  readonly customerId: string;
  readonly openConflicts: number;
  /** Integrations with a run that waits for an approval. */
  readonly held: number;
}

function ToDecide({ customerId, openConflicts, held }: ToDecideProps) {
  if (openConflicts === 0 && held === 0) return 'nothing';
  return (
    <>
      {held === 0 ? null : (
        <Link to="/customers/$customerId/runs" params={{ customerId }} search={{ state: 'held' }}>
          {sayCount(held, 'held run')}
        </Link>
      )}
      {held === 0 || openConflicts === 0 ? null : ', '}
      {openConflicts === 0 ? null : (
        <Link to="/customers/$customerId/conflicts" params={{ customerId }}>
          {sayCount(openConflicts, 'conflict')}
        </Link>
      )}
    </>
  );
}
