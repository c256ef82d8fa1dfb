import { getRouteApi } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { Button } from '../../parts/button.tsx';
import { chooseInSearch } from '../../parts/choose-in-search.ts';
import { Field } from '../../parts/field.tsx';
import styles from './plan.module.css';

const route = getRouteApi('/customers/$customerId/runs/$runId/plan');

const directions = ['toOurs', 'toTheirs'] as const;
const actions = ['create', 'update', 'delete'] as const;

/** Pure. What an address says, where it says something that there is. */
export function directionOf(text: string | undefined): (typeof directions)[number] | undefined {
  return directions.find((each) => each === text);
}

/** Pure. */
export function actionOf(text: string | undefined): (typeof actions)[number] | undefined {
  return actions.find((each) => each === text);
}

/** What of a plan is shown. The choice stands in the address, so that it can be sent to a colleague. */
export function PlanFilters({ entityTypes }: { readonly entityTypes: readonly string[] }) {
  const { entityType = '', direction = '', action = '', search = '' } = route.useSearch();
  const navigate = route.useNavigate();

  function choose(chosen: { entityType?: string; direction?: string; action?: string; search?: string }) {
    void navigate({
      search: (before) => chooseInSearch(before, chosen),
      resetScroll: false,
    });
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const said = new FormData(event.currentTarget).get('search');
    choose({ search: typeof said === 'string' ? said.trim() : '' });
  }

  return (
    <form role="search" aria-label="Records of the plan" className={styles.filters} onSubmit={submit}>
      <Field label="Entity type">
        {(control) => (
          <select
            {...control}
            value={entityType}
            onChange={({ target }) => choose({ entityType: target.value })}
          >
            <option value="">all</option>
            {entityTypes.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Side">
        {(control) => (
          <select
            {...control}
            value={direction}
            onChange={({ target }) => choose({ direction: target.value })}
          >
            <option value="">both</option>
            <option value="toOurs">on our side</option>
            <option value="toTheirs">at the vendor</option>
          </select>
        )}
      </Field>
      <Field label="What happens">
        {(control) => (
          <select {...control} value={action} onChange={({ target }) => choose({ action: target.value })}>
            <option value="">anything</option>
            <option value="create">created</option>
            <option value="update">updated</option>
            <option value="delete">deleted</option>
            <option value="conflict">in conflict</option>
          </select>
        )}
      </Field>
      <Field label="Search">
        {(control) => (
          <input
            {...control}
            // Another search in the address, by the browser's own buttons, is another text here.
            key={search}
            name="search"
            type="search"
            defaultValue={search}
            maxLength={200}
            placeholder="id, field or value"
          />
        )}
      </Field>
      <Button type="submit">Search</Button>
    </form>
  );
}
