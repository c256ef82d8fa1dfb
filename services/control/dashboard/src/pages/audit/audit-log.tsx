import { Card } from '../../parts/card.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Pager } from '../../parts/pager.tsx';
import type { ParamsOf, ResultOf } from '../../rpc/call.ts';
import { useCall } from '../../rpc/use-call.ts';
import { AuditFilters } from './audit-filters.tsx';
import { AuditTable } from './audit-table.tsx';

type Params = ParamsOf<'audit.list.v1'>;
type Place = NonNullable<ResultOf<'audit.list.v1'>['next']>;

/** As they stand in the address. */
export interface AuditSearch {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly after?: string | undefined;
}

interface AuditLogProps {
  /** Left out: of the whole fleet. */
  readonly customerId?: string;
  readonly search: AuditSearch;
}

/** Who did what, latest first. */
export function AuditLog({ customerId, search }: AuditLogProps) {
  const { after, ...filter } = search;
  const { data, error, refetch } = useCall('audit.list.v1', {
    ...(filter as Params),
    limit: 50,
    ...(customerId === undefined ? {} : { customerId }),
    ...(after === undefined ? {} : { after: readPlace(after) }),
  });
  const next = data?.next ?? null;
  return (
    <>
      <AuditFilters search={filter} />
      {error === null ? null : <LoadFailure error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null ? <Loading what="the audit log" /> : null}
      {data === undefined ? null : (
        <Card title="What people and programs did, latest first">
          <AuditTable entries={data.entries} hasCustomer={customerId === undefined} isLast={next === null} />
          <Pager after={after} next={next === null ? null : writePlace(next)} />
        </Card>
      )}
    </>
  );
}

/** A place in the list as one word of the address: its parts hold no tilde. */
function writePlace({ at, entryId, customerId }: Place): string {
  return [at, entryId, customerId].join('~');
}

function readPlace(written: string): Place {
  const [at = '', entryId = '', customerId] = written.split('~');
  return { at, entryId, ...(customerId === undefined ? {} : { customerId }) };
}
