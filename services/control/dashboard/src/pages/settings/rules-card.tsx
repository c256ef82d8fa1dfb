import { Card } from '../../parts/card.tsx';
import { Field, Tick } from '../../parts/field.tsx';
import { faultAt } from '../../parts/issues.ts';
import { useAnchor } from '../../parts/use-anchor.ts';
import type { DraftProps, Vendor } from './draft.ts';
import { FieldRules } from './field-rules.tsx';
import { getAt, type Path, textsAt } from './json-at.ts';
import { LimitsTable } from './limits-table.tsx';
import { LimitsTrial } from './limits-trial.tsx';
import { PointerSuggestions } from './pointer-suggestions.tsx';
import styles from './settings-page.module.css';
import { StrategySelect } from './strategy-select.tsx';

interface RulesCardProps extends DraftProps {
  readonly customerId: string;
  readonly integrationId: string;
  readonly vendor: Vendor;
  /** Undefined: what holds for all. */
  readonly entityType: string | undefined;
  readonly onOpen: (entityType: string | undefined) => void;
  /** Told what control says against the limits as they are tried, null where nothing. */
  readonly onLimitsError: (error: unknown) => void;
}

/** The rules in full, of all entity types together or of one. */
export function RulesCard(props: RulesCardProps) {
  const { customerId, integrationId, vendor, entityType, onOpen } = props;
  const suggestions = 'pointers';
  return (
    <div id="rules">
      <Card title={entityType === undefined ? 'Rules for all entity types' : `Rules for ${entityType}`}>
        <Field label="Rules for">
          {(control) => (
            <select
              {...control}
              value={entityType ?? ''}
              onChange={({ target }) => onOpen(target.value === '' ? undefined : target.value)}
            >
              <option value="">all entity types</option>
              {vendor.entityTypes.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          )}
        </Field>
        <Merge {...props} key={entityType} suggestions={suggestions} />
        <PointerSuggestions
          id={suggestions}
          customerId={customerId}
          integrationId={integrationId}
          entityType={entityType}
        />
      </Card>
    </div>
  );
}

function Merge(props: RulesCardProps & { readonly suggestions: string }) {
  const { draft, issues, mayChange, choose, entityType, suggestions } = props;
  const limits = useAnchor<HTMLHeadingElement>('limits');
  const path: Path = entityType === undefined ? ['merge'] : ['entityTypes', entityType, 'merge'];
  const pointer = `/${path.join('/')}`;
  const strategy = getAt(draft, [...path, 'default']);
  const general = getAt(draft, ['merge', 'default']);
  const inherited =
    entityType === undefined
      ? 'manual, by default'
      : `as for all (${typeof general === 'string' ? general : 'manual'})`;
  return (
    <>
      <div className={styles.row}>
        <Field
          label="Where both sides change a field"
          hint="Unless an exception below says otherwise"
          fault={faultAt(issues, `${pointer}/default`)}
        >
          {({ id }) => (
            <StrategySelect
              id={id}
              value={typeof strategy === 'string' ? strategy : undefined}
              inherited={inherited}
              isDisabled={!mayChange}
              onChange={(next) => choose([...path, 'default'], next)}
            />
          )}
        </Field>
        <VolatileField {...props} path={path} />
      </div>
      <FieldRules
        rules={getAt(draft, [...path, 'fields'])}
        issues={issues}
        pointer={`${pointer}/fields`}
        suggestions={suggestions}
        mayChange={mayChange}
        onChange={(fields) => choose([...path, 'fields'], fields)}
      />
      <Tick
        label="A member that is null counts as one that is not there"
        isChecked={getAt(draft, [...path, 'nullIsAbsent']) === true}
        isDisabled={!mayChange}
        onChange={(isSo) => choose([...path, 'nullIsAbsent'], isSo ? true : undefined)}
      />
      <h3 id="limits" ref={limits}>
        Safety limits {entityType === undefined ? '' : `of ${entityType}`}
      </h3>
      <p className={styles.soft}>
        Over a limit the whole run is held until somebody approves it, and nothing of it has been done by
        then. “Always let through” is a floor: so many may change however few records there are.
      </p>
      <LimitsTable {...props} kind={entityType === undefined ? 'all' : 'entityType'} />
      {entityType === undefined ? (
        <>
          <h3>Safety limits within each school</h3>
          <LimitsTable {...props} kind="school" />
        </>
      ) : null}
      <LimitsTrial
        customerId={props.customerId}
        integrationId={props.integrationId}
        draft={draft}
        onError={props.onLimitsError}
      />
    </>
  );
}

function VolatileField({ draft, issues, mayChange, choose, path }: DraftProps & { readonly path: Path }) {
  const place = [...path, 'volatile'];
  return (
    <Field
      label="Changes without meaning anything"
      hint="JSON Pointers, one a line, such as /metadata/exportedAt: no change is seen there. /dateLastModified is always among them."
      fault={faultAt(issues, `/${place.join('/')}`)}
    >
      {(control) => (
        <textarea
          {...control}
          rows={2}
          spellCheck={false}
          disabled={!mayChange}
          defaultValue={textsAt(draft, place).join('\n')}
          onChange={({ target }) => {
            const pointers = target.value
              .split('\n')
              .map((line) => line.trim())
              .filter((line) => line !== '');
            choose(place, pointers.length === 0 ? undefined : pointers);
          }}
        />
      )}
    </Field>
  );
}
