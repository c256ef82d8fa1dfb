import { Button } from '../../parts/button.tsx';
import { Field, FieldGroup } from '../../parts/field.tsx';
import { faultAt, type Issue, issuesBelow } from '../../parts/issues.ts';
import styles from './customer-page.module.css';
import type { BlackoutDraft } from './schedule-draft.ts';

interface BlackoutDatesProps {
  readonly blackouts: readonly BlackoutDraft[];
  readonly issues: readonly Issue[];
  readonly onChange: (blackouts: readonly BlackoutDraft[]) => void;
}

/** Dates whose nights begin nothing: one, or a first and a last one. */
export function BlackoutDates({ blackouts, issues, onChange }: BlackoutDatesProps) {
  // What is still empty is not sent, so control counts without it.
  const sent = blackouts.filter(({ from }) => from !== '');

  function change(id: number, part: Partial<BlackoutDraft>) {
    onChange(blackouts.map((each) => (each.id === id ? { ...each, ...part } : each)));
  }

  function add() {
    const id = Math.max(-1, ...blackouts.map((each) => each.id)) + 1;
    onChange([...blackouts, { id, from: '', to: '', note: '' }]);
  }

  return (
    <FieldGroup legend="Blackout dates">
      {blackouts.length === 0 ? (
        <p className={styles.soft}>None: every night begins. Add holidays or the days of a move here.</p>
      ) : null}
      <ul className={styles.blackouts}>
        {blackouts.map((blackout) => {
          const { id, from, to, note } = blackout;
          const place = sent.indexOf(blackout);
          const faults = place === -1 ? [] : issuesBelow(issues, `/schedule/blackoutDates/${place}`);
          const fault = faultAt(faults, '');
          return (
            <li key={id} className={styles.blackout}>
              <Field label="From" fault={fault}>
                {(control) => (
                  <input
                    {...control}
                    type="date"
                    value={from}
                    onChange={({ target }) => change(id, { from: target.value })}
                  />
                )}
              </Field>
              <Field label="Up to and with">
                {(control) => (
                  <input
                    {...control}
                    type="date"
                    min={from === '' ? undefined : from}
                    value={to}
                    onChange={({ target }) => change(id, { to: target.value })}
                  />
                )}
              </Field>
              <Field label="Note">
                {(control) => (
                  <input
                    {...control}
                    maxLength={200}
                    placeholder="Winter break"
                    value={note}
                    onChange={({ target }) => change(id, { note: target.value })}
                  />
                )}
              </Field>
              <Button
                kind="quiet"
                aria-label={`Remove ${from === '' ? 'this blackout' : `the blackout from ${from}`}`}
                onClick={() => onChange(blackouts.filter((each) => each.id !== id))}
              >
                Remove
              </Button>
            </li>
          );
        })}
      </ul>
      <div>
        <Button onClick={add}>Add blackout dates</Button>
      </div>
    </FieldGroup>
  );
}
