import { getRouteApi } from '@tanstack/react-router';
import { chooseInSearch } from '../../parts/choose-in-search.ts';
import { Field } from '../../parts/field.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Pager } from '../../parts/pager.tsx';
import { useCall } from '../../rpc/use-call.ts';
import { ChangeList } from './change-list.tsx';
import styles from './report.module.css';
import type { Report } from './run-facts.ts';

const route = getRouteApi('/customers/$customerId/runs/$runId');
const limit = 25;
const actions = ['create', 'update', 'delete'] as const;

/** Thousands of changes, a page at a time, as far as the address asks for them. */
export function ChangeBrowser({ report }: { readonly report: Report }) {
  const { entityType, action: said, after } = route.useSearch();
  const action = actions.find((each) => each === said);
  const { customerId, runId } = report;
  const { data, error, refetch } = useCall('runs.changes.v1', {
    customerId,
    runId,
    limit,
    ...(entityType === undefined ? {} : { entityType }),
    ...(action === undefined ? {} : { action }),
    ...(after === undefined ? {} : { after: Number(after) }),
  });
  return (
    <>
      <ChangeFilters report={report} />
      {error === null ? null : <LoadFailure error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null ? <Loading what="changes" /> : null}
      {data === undefined || error !== null ? null : (
        <>
          {data.changes.length > 0 ? (
            // Others begin as they would on a page of their own, open or closed.
            <ChangeList
              key={JSON.stringify([entityType, action, after])}
              report={report}
              changes={data.changes}
            />
          ) : (
            <p>
              {data.next === null
                ? 'No change is like that. Take a filter away.'
                : 'None so far; there is more to look through on the next page.'}
            </p>
          )}
          <Pager after={after} next={data.next === null ? null : String(data.next)} />
        </>
      )}
    </>
  );
}

/** Only what there is: an entity type of which nothing changed is not offered. */
function ChangeFilters({ report: { steps, totals } }: { readonly report: Report }) {
  const { entityType = '', action = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const changed = steps.filter(({ counts }) => counts.created + counts.updated + counts.deleted > 0);
  const counts = { create: totals.created, update: totals.updated, delete: totals.deleted };

  function choose(chosen: { readonly entityType?: string; readonly action?: string }) {
    void navigate({
      search: (before) => chooseInSearch(before, chosen),
      resetScroll: false,
    });
  }

  return (
    <form
      role="search"
      aria-label="Changes of the run"
      className={styles.more}
      onSubmit={(event) => event.preventDefault()}
    >
      <Field label="Entity type">
        {(control) => (
          <select
            {...control}
            value={entityType}
            onChange={({ target }) => choose({ entityType: target.value })}
          >
            <option value="">all</option>
            {changed.map((step) => (
              <option key={step.entityType} value={step.entityType}>
                {step.entityType}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="What was done">
        {(control) => (
          <select {...control} value={action} onChange={({ target }) => choose({ action: target.value })}>
            <option value="">anything</option>
            {actions
              .filter((each) => counts[each] > 0)
              .map((each) => (
                <option key={each} value={each}>
                  {words[each]} ({counts[each].toLocaleString()})
                </option>
              ))}
          </select>
        )}
      </Field>
    </form>
  );
}

const words = { create: 'created', update: 'updated', delete: 'deleted' } as const;
