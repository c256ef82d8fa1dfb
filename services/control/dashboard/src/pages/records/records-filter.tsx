import type { FormEvent } from 'react';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { useCall } from '../../rpc/use-call.ts';
import styles from './records-page.module.css';

type Only = 'edited' | 'conflicting' | undefined;

interface RecordsFilterProps {
  readonly customerId: string;
  readonly integrationId: string;
  readonly entityType: string;
  readonly only: Only;
  readonly search: string | undefined;
  /** What is empty is no longer asked for. */
  readonly onChoose: (choice: {
    readonly entityType?: string;
    readonly only?: string;
    readonly search?: string;
  }) => void;
}

/** Which records are shown. */
export function RecordsFilter({ customerId, integrationId, entityType, ...rest }: RecordsFilterProps) {
  const { only, search = '', onChoose } = rest;
  const integration = useCall('integrations.get.v1', { customerId, integrationId });
  const vendor = integration.data?.vendor;
  const described = useCall('vendors.get.v1', { vendor: vendor ?? '' }, { isWanted: vendor !== undefined });
  const entityTypes = new Set([...(described.data?.entityTypes ?? []), entityType]);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const said = new FormData(event.currentTarget).get('search');
    onChoose({ search: typeof said === 'string' ? said.trim() : '' });
  }

  return (
    <search className={styles.filter}>
      <Field label="Entity type">
        {(control) => (
          <select
            {...control}
            value={entityType}
            onChange={({ target }) => onChoose({ entityType: target.value })}
          >
            {[...entityTypes].map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Show">
        {(control) => (
          <select {...control} value={only ?? ''} onChange={({ target }) => onChoose({ only: target.value })}>
            <option value="">all</option>
            <option value="edited">edited here, not at the vendor yet</option>
            <option value="conflicting">in conflict</option>
          </select>
        )}
      </Field>
      <form onSubmit={submit} className={styles.find}>
        <Field label="Search by name or id">
          {(control) => (
            <input
              {...control}
              // Another search in the address, by the browser's own buttons, is another text here.
              key={search}
              name="search"
              type="search"
              defaultValue={search}
              maxLength={100}
              autoComplete="off"
              spellCheck={false}
            />
          )}
        </Field>
        <Button type="submit">Search</Button>
      </form>
    </search>
  );
}
