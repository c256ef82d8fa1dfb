import { useNavigate } from '@tanstack/react-router';
import { Button } from '../../parts/button.tsx';
import { VendorText } from '../../parts/vendor-text.tsx';
import type { ParamsOf } from '../../rpc/call.ts';
import { useCall } from '../../rpc/use-call.ts';
import styles from './conflict-filters.module.css';

type ListParams = ParamsOf<'conflicts.list.v1'>;

/** As they stand in the address. */
export interface ConflictSearch {
  readonly integrationId?: string | undefined;
  readonly entityType?: string | undefined;
  readonly recordId?: string | undefined;
  readonly state?: string | undefined;
  readonly runId?: string | undefined;
  readonly after?: string | undefined;
}

/** Whatever an address says; control refuses what it does not know, and says why. */
export function toListParams(customerId: string, search: ConflictSearch): ListParams {
  return { customerId, limit: 50, ...search } as ListParams;
}

/** What the list is narrowed to. */
export function ConflictFilters({
  customerId,
  search,
}: {
  readonly customerId: string;
  readonly search: ConflictSearch;
}) {
  const navigate = useNavigate();
  const { data } = useCall('integrations.list.v1', { customerId });
  const { integrationId, entityType, recordId, state, runId } = search;
  const isWhole = integrationId === undefined && runId === undefined;

  /** Back to the first page: `after` is a place in another list. */
  function show({ after: _after, ...next }: ConflictSearch) {
    const given = Object.fromEntries(Object.entries(next).filter(([, value]) => value));
    void navigate({ to: '/customers/$customerId/conflicts', params: { customerId }, search: given });
  }

  return (
    <search className={styles.filters}>
      <label>
        Integration
        <select
          value={integrationId ?? ''}
          onChange={({ target }) =>
            show(target.value === '' ? { runId } : { ...search, integrationId: target.value })
          }
        >
          <option value="">all</option>
          {data?.integrations.map(({ integrationId: id }) => (
            <option key={id}>{id}</option>
          ))}
        </select>
      </label>
      <label>
        Entity type
        <select
          value={entityType ?? ''}
          disabled={isWhole}
          title={isWhole ? 'Choose an integration first' : undefined}
          onChange={({ target }) =>
            show({ ...search, recordId: undefined, entityType: target.value || undefined })
          }
        >
          <option value="">all</option>
          {entityTypes.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label>
        State
        <select
          value={state ?? ''}
          onChange={({ target }) => show({ ...search, state: target.value || undefined })}
        >
          <option value="">to do (open or decided)</option>
          <option value="open">open: waits for a person</option>
          <option value="decided">decided: waits for a merge</option>
          <option value="resolved" disabled={isWhole}>
            resolved{isWhole ? ' (choose an integration first)' : ''}
          </option>
          <option value="obsolete" disabled={isWhole}>
            obsolete{isWhole ? ' (choose an integration first)' : ''}
          </option>
        </select>
      </label>
      {recordId === undefined ? null : (
        <span>
          Only record <VendorText value={recordId} />{' '}
          <Button kind="quiet" onClick={() => show({ ...search, recordId: undefined })}>
            All records
          </Button>
        </span>
      )}
      {runId === undefined ? null : (
        <span>
          Only those found by run <VendorText value={runId} />{' '}
          <Button
            kind="quiet"
            onClick={() => show(integrationId === undefined ? {} : { ...search, runId: undefined })}
          >
            Of all runs
          </Button>
        </span>
      )}
    </search>
  );
}

/** Their schemas would be 50 kB of the page. */
const entityTypes: readonly NonNullable<ListParams['entityType']>[] = [
  'org',
  'academicSession',
  'course',
  'class',
  'user',
  'enrollment',
  'demographics',
  'category',
  'lineItem',
  'result',
];
