import { Link } from '@tanstack/react-router';
import { Card } from '../../parts/card.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import type { DraftProps, Vendor } from './draft.ts';
import { getAt, textsAt } from './json-at.ts';
import styles from './settings-page.module.css';
import { StrategySelect } from './strategy-select.tsx';

interface EntityTypesCardProps extends DraftProps {
  readonly vendor: Vendor;
  readonly onOpen: (entityType: string) => void;
}

/** What is synced at all, who decides, and what goes back to the vendor, one line an entity type. */
export function EntityTypesCard(props: EntityTypesCardProps) {
  const { draft, vendor, mayChange, choose, onOpen } = props;
  const disabled = textsAt(draft, ['disabledEntityTypes']);
  const written = textsAt(draft, ['writeBack']);
  const general = getAt(draft, ['merge', 'default']);
  const isOn = (entityType: string) => !disabled.includes(entityType);

  function list(name: 'disabledEntityTypes' | 'writeBack', entityType: string, isIn: boolean) {
    const others = textsAt(draft, [name]).filter((each) => each !== entityType);
    const next = isIn ? [...others, entityType] : others;
    choose([name], next.length === 0 ? undefined : [...next]);
  }

  return (
    <Card title="What is synced, and who decides">
      <DataTable
        caption="Settings of each entity type"
        rows={vendor.entityTypes}
        keyOf={(entityType) => entityType}
        empty="This vendor has none."
        columns={[
          {
            title: 'Entity type',
            cell: (entityType) => (
              <Link to="." search={{ entityType } as never} hash="rules" onClick={() => onOpen(entityType)}>
                {entityType}
                <span className="visually-hidden">: its rules</span>
              </Link>
            ),
          },
          {
            title: 'Synced',
            cell: (entityType) => (
              <input
                type="checkbox"
                aria-label={`Sync ${entityType}`}
                checked={isOn(entityType)}
                disabled={!mayChange}
                onChange={({ target }) => list('disabledEntityTypes', entityType, !target.checked)}
              />
            ),
          },
          {
            title: 'Who decides',
            cell: (entityType) => (
              <StrategySelect
                label={`Who decides on ${entityType}`}
                value={textAt(draft, ['entityTypes', entityType, 'merge', 'default'])}
                inherited={`as for all (${typeof general === 'string' ? general : 'manual'})`}
                isDisabled={!mayChange || !isOn(entityType)}
                onChange={(strategy) => choose(['entityTypes', entityType, 'merge', 'default'], strategy)}
              />
            ),
          },
          {
            title: 'Written back',
            cell: (entityType) => {
              const offered = vendor.writeBack.find((each) => each.entityType === entityType);
              if (offered === undefined && !written.includes(entityType))
                return <span className={styles.soft}>not taken</span>;
              return (
                <>
                  <input
                    type="checkbox"
                    aria-label={`Write ${entityType} back to the vendor`}
                    checked={written.includes(entityType)}
                    disabled={!mayChange || !isOn(entityType)}
                    onChange={({ target }) => list('writeBack', entityType, target.checked)}
                  />{' '}
                  <span className={styles.soft}>{offered?.actions.join(', ')}</span>
                </>
              );
            },
          },
          {
            title: 'Points nowhere',
            cell: (entityType) => (
              <ReferenceSelect
                {...props}
                entityType={entityType}
                isDisabled={!mayChange || !isOn(entityType)}
              />
            ),
          },
        ]}
      />
      <p className={styles.soft}>
        A record that points to one that is not there is left out (quarantine), or taken all the same
        (ignore). What is written back are our changes of the members that the vendor takes; changes of others
        stay ours.
      </p>
    </Card>
  );
}

function ReferenceSelect({
  draft,
  defaults,
  entityType,
  isDisabled,
  choose,
}: DraftProps & { readonly entityType: string; readonly isDisabled: boolean }) {
  const path = ['entityTypes', entityType, 'references'];
  return (
    <select
      aria-label={`Records of ${entityType} that point to one that is not there`}
      value={textAt(draft, path) ?? ''}
      disabled={isDisabled}
      onChange={({ target }) => choose(path, target.value === '' ? undefined : target.value)}
    >
      <option value="">as for all ({textAt(draft, ['references']) ?? defaults.references})</option>
      <option value="quarantine">quarantine</option>
      <option value="ignore">ignore</option>
    </select>
  );
}

function textAt(draft: DraftProps['draft'], path: readonly string[]): string | undefined {
  const found = getAt(draft, path);
  return typeof found === 'string' ? found : undefined;
}
