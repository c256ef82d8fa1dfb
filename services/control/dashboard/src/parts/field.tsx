import { type ReactNode, useId } from 'react';
import styles from './field.module.css';

/** What a control needs to belong to its label, its hint and what is wrong with it: spread over it. */
export interface ControlProps {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

interface FieldProps {
  readonly label: ReactNode;
  /** What to enter, in a sentence. */
  readonly hint?: ReactNode;
  /** What is wrong with what was entered. */
  readonly fault?: string | undefined;
  readonly children: (control: ControlProps) => ReactNode;
}

/** One thing to enter: label, control, hint, and right there what is wrong. */
export function Field({ label, hint, fault, children }: FieldProps) {
  const id = useId();
  const described = [hint === undefined ? '' : `${id}-hint`, fault === undefined ? '' : `${id}-fault`];
  const control: ControlProps = {
    id,
    'aria-describedby': described.filter((each) => each !== '').join(' ') || undefined,
    'aria-invalid': fault === undefined ? undefined : true,
  };
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children(control)}
      {hint === undefined ? null : (
        <span id={`${id}-hint`} className={styles.hint}>
          {hint}
        </span>
      )}
      {fault === undefined ? null : (
        <span id={`${id}-fault`} role="alert" className={styles.fault}>
          {fault}
        </span>
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly isChecked: boolean;
  readonly isDisabled?: boolean;
  readonly onChange: (isChecked: boolean) => void;
}

/** Something that is so or not. */
export function Tick({ label, hint, isChecked, isDisabled = false, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <div className={styles.tick}>
      <input
        id={id}
        type="checkbox"
        checked={isChecked}
        disabled={isDisabled}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={({ target }) => onChange(target.checked)}
      />
      <div>
        <label htmlFor={id}>{label}</label>
        {hint === undefined ? null : (
          <span id={`${id}-hint`} className={styles.hint}>
            {hint}
          </span>
        )}
      </div>
    </div>
  );
}

/** Fields that are one question together. */
export function FieldGroup({
  legend,
  children,
}: {
  readonly legend: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <fieldset className={styles.group}>
      <legend>{legend}</legend>
      {children}
    </fieldset>
  );
}
