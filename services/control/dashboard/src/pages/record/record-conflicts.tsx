import { ButtonLink } from '../../parts/button-link.tsx';
import { Card } from '../../parts/card.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { VendorText } from '../../parts/vendor-text.tsx';
import { useCall } from '../../rpc/use-call.ts';
import { useMayChange } from '../../shell/use-session.ts';
import type { RecordPlace } from './record-page.tsx';

/** What waits for a person; it is decided where all conflicts are. */
export function RecordConflicts({ place }: { readonly place: RecordPlace }) {
  const { customerId, ...search } = place;
  const mayChange = useMayChange();
  const { data, error, refetch } = useCall('conflicts.list.v1', place);
  return (
    <Card
      title="Conflicts"
      actions={
        <ButtonLink
          kind={mayChange ? 'main' : 'plain'}
          to="/customers/$customerId/conflicts"
          params={{ customerId }}
          search={search}
        >
          {mayChange ? 'Decide' : 'Among the others'}
        </ButtonLink>
      }
    >
      {error === null ? null : <LoadFailure error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null ? <Loading what="its conflicts" /> : null}
      {data === undefined ? null : (
        <DataTable
          caption="Fields that both sides changed differently"
          rows={data.conflicts}
          keyOf={({ conflictId }) => conflictId}
          empty="None is open any more."
          columns={[
            {
              title: 'Field',
              cell: ({ pointer }) => <VendorText value={pointer === '' ? 'the whole record' : pointer} />,
            },
            { title: 'Base', cell: ({ sides }) => <VendorText value={sides.base} absent="not there" /> },
            { title: 'Ours', cell: ({ sides }) => <VendorText value={sides.ours} absent="not there" /> },
            { title: 'Theirs', cell: ({ sides }) => <VendorText value={sides.theirs} absent="not there" /> },
            { title: 'State', cell: ({ state }) => state },
          ]}
        />
      )}
    </Card>
  );
}
