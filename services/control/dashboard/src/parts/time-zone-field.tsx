import { useId } from 'react';
import { Field } from './field.tsx';

interface TimeZoneFieldProps {
  readonly value: string;
  readonly fault?: string | undefined;
  readonly onChange: (timeZone: string) => void;
}

/** A time zone by its IANA name; the browser helps to find it. */
export function TimeZoneField({ value, fault, onChange }: TimeZoneFieldProps) {
  const id = useId();
  return (
    <Field
      label="Time zone"
      hint="An IANA name, such as America/Chicago. Nights and blackout dates are on its calendar."
      fault={fault}
    >
      {(control) => (
        <>
          <input
            {...control}
            value={value}
            list={id}
            required
            autoComplete="off"
            spellCheck={false}
            onChange={({ target }) => onChange(target.value)}
          />
          <datalist id={id}>
            {Intl.supportedValuesOf('timeZone').map((name) => (
              <option key={name}>{name}</option>
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
