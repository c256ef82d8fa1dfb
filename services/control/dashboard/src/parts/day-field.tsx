import { useState } from 'react';
import { Field } from './field.tsx';

interface DayFieldProps {
  readonly label: string;
  /** `2026-01-31`, or empty. */
  readonly value: string;
  readonly min?: string;
  readonly max?: string;
  readonly onChange: (day: string) => void;
}

/** A day to filter by. Of a year that is typed browsers tell each digit as a year of its own (`0002-01-31`): it counts once it is whole. */
export function DayField({ label, value, min, max, onChange }: DayFieldProps) {
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    setTyped(value);
  }

  function take(day: string) {
    setTyped(day);
    if (day !== value && !day.startsWith('0')) onChange(day);
  }

  return (
    <Field label={label}>
      {(control) => (
        <input
          {...control}
          type="date"
          value={typed}
          min={min}
          max={max}
          onChange={({ target }) => take(target.value)}
        />
      )}
    </Field>
  );
}
