import type { JsonValue } from '@flotilla/substrate/json/json-value';
import { type FormEvent, useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import type { Choice, Conflict } from './conflict.ts';

interface OwnValueProps {
  readonly conflict: Conflict;
  readonly chosen: Choice | undefined;
  readonly onChoose: (choice: Choice) => void;
}

/** A value that neither side has. What it may be is seen by what the sides have: text is typed as it is, all else as JSON. */
export function OwnValue({ conflict, chosen, onChoose }: OwnValueProps) {
  const { ours, theirs, base } = conflict.sides;
  const isText = [ours, theirs, base].every((value) => value === undefined || typeof value === 'string');
  const start = typeof chosen === 'object' ? chosen.value : (theirs ?? ours ?? '');
  const [typed, setTyped] = useState(() => show(start, isText));
  const [fault, setFault] = useState<string>();

  function submit(event: FormEvent): void {
    event.preventDefault();
    const value = isText ? typed : parse(typed);
    if (value === undefined) {
      setFault('This is no JSON. A number is written as 12.5, a text in quotes: "so".');
      return;
    }
    onChoose({ value });
  }

  return (
    <form onSubmit={submit}>
      <Field
        label="Another value"
        hint={isText ? 'Text, as it will stand' : 'As JSON: 12.5, true, "a text", {"a": 1}'}
        fault={fault}
      >
        {(control) => (
          <textarea
            {...control}
            rows={typed.length > 80 ? 6 : 2}
            value={typed}
            spellCheck={false}
            onChange={({ target }) => {
              setTyped(target.value);
              setFault(undefined);
            }}
          />
        )}
      </Field>
      <p>
        <Button type="submit">Take this value</Button>
      </p>
    </form>
  );
}

function show(value: JsonValue, isText: boolean): string {
  return isText && typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function parse(typed: string): JsonValue | undefined {
  try {
    return JSON.parse(typed) as JsonValue;
  } catch {
    return undefined;
  }
}
