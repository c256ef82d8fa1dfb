import { getRouteApi } from '@tanstack/react-router';
import { Button } from '../../parts/button.tsx';
import { chooseInSearch } from '../../parts/choose-in-search.ts';
import { DayField } from '../../parts/day-field.tsx';
import { Field } from '../../parts/field.tsx';
import { useCall } from '../../rpc/use-call.ts';
import { contexts, inTrouble, runStates } from './run-choices.ts';
import styles from './runs.module.css';

const route = getRouteApi('/customers/$customerId/runs');

interface Chosen {
  readonly integrationId?: string;
  readonly state?: string;
  readonly context?: string;
  readonly since?: string;
  readonly until?: string;
}

/** Which runs are shown. The choice stands in the address, so that it can be sent to a colleague. */
export function RunFilters({ customerId }: { readonly customerId: string }) {
  const search = route.useSearch();
  const { integrationId = '', state = '', context = '', since = '', until = '' } = search;
  const navigate = route.useNavigate();
  const { data } = useCall('integrations.list.v1', { customerId });
  const integrations = data?.integrations.map((each) => each.integrationId) ?? [];

  function choose(chosen: Chosen) {
    void navigate({
      search: (before) => chooseInSearch(before, chosen),
      resetScroll: false,
    });
  }

  return (
    <form
      role="search"
      aria-label="Runs"
      className={styles.filters}
      onSubmit={(event) => event.preventDefault()}
    >
      <Field label="Integration">
        {(control) => (
          <select
            {...control}
            value={integrationId}
            onChange={({ target }) => choose({ integrationId: target.value })}
          >
            <option value="">all</option>
            {withChosen(integrations, integrationId).map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="State">
        {(control) => (
          <select {...control} value={state} onChange={({ target }) => choose({ state: target.value })}>
            <option value="">any</option>
            <option value={inTrouble}>in trouble: failed, partial or held</option>
            {withChosen(runStates, state === inTrouble ? '' : state).map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Why it ran">
        {(control) => (
          <select {...control} value={context} onChange={({ target }) => choose({ context: target.value })}>
            <option value="">any reason</option>
            {withChosen(contexts, context).map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <DayField label="From" value={since} max={until} onChange={(day) => choose({ since: day })} />
      <DayField label="To" value={until} min={since} onChange={(day) => choose({ until: day })} />
      {Object.keys(search).length === 0 ? null : (
        <Button kind="quiet" onClick={() => void navigate({ search: {} })}>
          Show all
        </Button>
      )}
    </form>
  );
}

/** What an address names stays to be seen, also where it is gone or never was. */
function withChosen(names: readonly string[], chosen: string): readonly string[] {
  return chosen === '' || names.includes(chosen) ? names : [...names, chosen];
}
