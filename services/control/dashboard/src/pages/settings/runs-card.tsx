import { Card } from '../../parts/card.tsx';
import { Field, FieldGroup, Tick } from '../../parts/field.tsx';
import { faultAt } from '../../parts/issues.ts';
import type { DraftProps } from './draft.ts';
import { getAt, type Path } from './json-at.ts';
import styles from './settings-page.module.css';

const steps = [
  { step: 'pull', label: "Take the vendor's changes over", hint: 'Off: push only' },
  { step: 'push', label: 'Write our changes to the vendor', hint: 'Off: pull only' },
  {
    step: 'persist',
    label: 'Store what was pulled',
    hint: 'Off: every run finds the same differences again',
  },
] as const;

/** How runs go, whatever they sync. */
export function RunsCard(props: DraftProps) {
  const { draft, defaults, issues, mayChange, choose } = props;
  const references = getAt(draft, ['references']);
  return (
    <Card title="How runs go">
      <FieldGroup legend="Steps">
        {steps.map(({ step, label, hint }) => (
          <Tick
            key={step}
            label={label}
            hint={hint}
            isDisabled={!mayChange}
            isChecked={(getAt(draft, ['steps', step]) ?? defaults.steps[step]) === true}
            // What is as by default is not chosen.
            onChange={(isOn) => choose(['steps', step], isOn === defaults.steps[step] ? undefined : isOn)}
          />
        ))}
      </FieldGroup>
      <div className={styles.row}>
        <Number
          {...props}
          path={['fullSyncEveryDays']}
          label="Fetch everything every so many days"
          hint="Where the vendor tells what has changed, only that is fetched in between. 0: always everything"
          fallback={defaults.fullSyncEveryDays}
        />
        <Number
          {...props}
          path={['holdHours']}
          label="A held run expires after hours"
          hint="If nobody has decided by then; it changes nothing"
          fallback={defaults.holdHours}
        />
        <Field
          label="A record that points to one that is not there"
          hint="For entity types that have no choice of their own"
          fault={faultAt(issues, '/references')}
        >
          {(control) => (
            <select
              {...control}
              value={typeof references === 'string' ? references : ''}
              disabled={!mayChange}
              onChange={({ target }) =>
                choose(['references'], target.value === '' ? undefined : target.value)
              }
            >
              <option value="">default: {defaults.references}</option>
              <option value="quarantine">quarantine: it is left out</option>
              <option value="ignore">ignore: it is taken all the same</option>
            </select>
          )}
        </Field>
      </div>
    </Card>
  );
}

interface NumberProps extends DraftProps {
  readonly path: Path;
  readonly label: string;
  readonly hint: string;
  readonly fallback: number;
}

function Number({ draft, issues, mayChange, choose, path, label, hint, fallback }: NumberProps) {
  const value = getAt(draft, path);
  return (
    <Field label={label} hint={hint} fault={faultAt(issues, `/${path.join('/')}`)}>
      {(control) => (
        <input
          {...control}
          type="number"
          min={0}
          step="any"
          placeholder={`default: ${fallback}`}
          value={typeof value === 'number' ? value : ''}
          disabled={!mayChange}
          onChange={({ target }) => choose(path, target.value === '' ? undefined : target.valueAsNumber)}
        />
      )}
    </Field>
  );
}
