import { Field } from '../../parts/field.tsx';
import { faultAt, type Issue } from '../../parts/issues.ts';
import styles from './connect-page.module.css';
import { FieldControl } from './field-control.tsx';
import type { Entered, FormChoice, FormField } from './form-field.ts';

interface FormFieldsProps {
  readonly choice: FormChoice;
  readonly entered: Entered;
  readonly issues: readonly Issue[];
  /** Whether secrets can be read while they are typed. */
  readonly isShown?: boolean;
  readonly onChange: (entered: Entered) => void;
}

/** The fields of one object: what is needed first, the rest on demand. */
export function FormFields({
  choice: { fields },
  entered,
  issues,
  isShown = false,
  onChange,
}: FormFieldsProps) {
  const isSeen = ({ name, isRequired }: FormField) => isRequired || faultAt(issues, `/${name}`) !== undefined;
  const rest = fields.filter((field) => !isSeen(field));

  function toField(field: FormField) {
    const { name, label, hint, isRequired, kind } = field;
    return (
      <Field
        key={name}
        label={isRequired ? label : `${label} (may be left out)`}
        hint={hint === undefined && kind === 'list' ? 'One a line' : sayHint(field)}
        fault={faultAt(issues, `/${name}`)}
      >
        {(control) => (
          <FieldControl
            field={field}
            control={control}
            value={entered[name] ?? ''}
            isShown={isShown}
            onChange={(value) => onChange({ ...entered, [name]: value })}
          />
        )}
      </Field>
    );
  }

  return (
    <>
      {fields.filter(isSeen).map(toField)}
      {rest.length === 0 ? null : (
        <details className={styles.rest} open={rest.some(({ name }) => (entered[name] ?? '') !== '')}>
          <summary>
            {rest.length === 1 ? 'One more setting' : `${rest.length} more settings`} that may be left out
          </summary>
          <div className={styles.fields}>{rest.map(toField)}</div>
        </details>
      )}
    </>
  );
}

function sayHint({ hint, kind, choices }: FormField): string | undefined {
  const parts = [
    hint,
    kind === 'list' ? 'One a line' : undefined,
    kind === 'list' && choices.length > 0 ? choices.join(', ') : undefined,
  ];
  const said = parts.filter((part) => part !== undefined).join('. ');
  return said === '' ? undefined : said;
}
