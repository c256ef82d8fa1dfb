import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Field, FieldGroup } from '../../parts/field.tsx';
import { faultAt, type Issue } from '../../parts/issues.ts';
import styles from './settings-page.module.css';
import { StrategySelect } from './strategy-select.tsx';

interface FieldRulesProps {
  readonly rules: JsonValue | undefined;
  readonly issues: readonly Issue[];
  /** Of the rules, in the settings. */
  readonly pointer: string;
  /** Id of the `<datalist>` with pointers of real records. */
  readonly suggestions: string;
  readonly mayChange: boolean;
  readonly onChange: (rules: JsonObject | undefined) => void;
}

interface Rule {
  readonly id: number;
  readonly field: string;
  readonly strategy: string;
}

/** Fields that are merged by a strategy of their own. */
export function FieldRules({ rules, issues, pointer, suggestions, mayChange, onChange }: FieldRulesProps) {
  // Rows of their own: while a pointer is typed it may be empty, or that of another row.
  const [rows, setRows] = useState<readonly Rule[]>(() =>
    Object.entries(isJsonObject(rules) ? rules : {}).flatMap(([field, strategy], id) =>
      typeof strategy === 'string' ? [{ id, field, strategy }] : [],
    ),
  );

  function change(next: readonly Rule[]) {
    setRows(next);
    const named = next.filter(({ field }) => field !== '');
    const object = Object.fromEntries(named.map(({ field, strategy }) => [field, strategy]));
    onChange(named.length === 0 ? undefined : object);
  }

  function add() {
    const id = Math.max(-1, ...rows.map((each) => each.id)) + 1;
    setRows([...rows, { id, field: '', strategy: 'manual' }]);
  }

  function replace(id: number, part: Partial<Rule>) {
    change(rows.map((each) => (each.id === id ? { ...each, ...part } : each)));
  }

  return (
    <FieldGroup legend="Exceptions, field by field">
      {rows.length === 0 ? <p className={styles.soft}>None: all fields are merged alike.</p> : null}
      <ul className={styles.rules}>
        {rows.map(({ id, field, strategy }) => (
          <li key={id} className={styles.rule}>
            <Field
              label="Field"
              hint="A JSON Pointer; * stands for any one segment: /meetings/*/room"
              fault={field === '' ? undefined : faultAt(issues, `${pointer}/${escapeSegment(field)}`)}
            >
              {(control) => (
                <input
                  {...control}
                  value={field}
                  list={suggestions}
                  disabled={!mayChange}
                  autoComplete="off"
                  spellCheck={false}
                  onChange={({ target }) => replace(id, { field: target.value })}
                />
              )}
            </Field>
            <Field label="Strategy">
              {(control) => (
                <StrategySelect
                  id={control.id}
                  value={strategy}
                  isDisabled={!mayChange}
                  onChange={(next) => replace(id, { strategy: next ?? 'manual' })}
                />
              )}
            </Field>
            {mayChange ? (
              <Button
                kind="quiet"
                aria-label={field === '' ? 'Remove this exception' : `Remove the exception for ${field}`}
                onClick={() => change(rows.filter((each) => each.id !== id))}
              >
                Remove
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {mayChange ? (
        <div>
          <Button onClick={add}>Add an exception</Button>
        </div>
      ) : null}
    </FieldGroup>
  );
}

/** RFC 6901. */
function escapeSegment(text: string): string {
  return text.replaceAll('~', '~0').replaceAll('/', '~1');
}
