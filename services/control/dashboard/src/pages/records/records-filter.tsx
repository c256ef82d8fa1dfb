import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
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
  readonly onChoose: (choice: { readonly entityType: string; readonly only: Only }) => void;
}

/** Which records are shown; and the way to one whose id is known. */
export function RecordsFilter({ customerId, integrationId, entityType, only, onChoose }: RecordsFilterProps) {
  const navigate = useNavigate();
  const [recordId, setRecordId] = useState('');
  const integration = useCall('integrations.get.v1', { customerId, integrationId });
  const vendor = integration.data?.vendor;
  const described = useCall('vendors.get.v1', { vendor: vendor ?? '' }, { isWanted: vendor !== undefined });
  const entityTypes = new Set([...(described.data?.entityTypes ?? []), entityType]);

  function go(event: FormEvent) {
    event.preventDefault();
    if (recordId.trim() === '') return;
    void navigate({
      to: '/customers/$customerId/integrations/$integrationId/records/$entityType/$recordId',
      params: { customerId, integrationId, entityType, recordId: recordId.trim() },
    });
  }

  return (
    <div className={styles.filter}>
      <Field label="Entity type">
        {(control) => (
          <select
            {...control}
            value={entityType}
            onChange={({ target }) => onChoose({ entityType: target.value, only })}
          >
            {[...entityTypes].map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Show">
        {(control) => (
          <select
            {...control}
            value={only ?? ''}
            onChange={({ target: { value } }) =>
              onChoose({
                entityType,
                only: value === 'edited' || value === 'conflicting' ? value : undefined,
              })
            }
          >
            <option value="">all</option>
            <option value="edited">edited here, not at the vendor yet</option>
            <option value="conflicting">in conflict</option>
          </select>
        )}
      </Field>
      <form onSubmit={go} className={styles.find}>
        <Field label="Go to the record with the id">
          {(control) => (
            <input
              {...control}
              value={recordId}
              maxLength={255}
              autoComplete="off"
              spellCheck={false}
              onChange={({ target }) => setRecordId(target.value)}
            />
          )}
        </Field>
        <Button type="submit">Go</Button>
      </form>
    </div>
  );
}
