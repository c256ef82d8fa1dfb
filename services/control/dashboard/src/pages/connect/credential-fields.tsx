import { isJsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { type ChangeEvent, useState } from 'react';
import { Field, FieldGroup, Tick } from '../../parts/field.tsx';
import type { Issue } from '../../parts/issues.ts';
import styles from './connect-page.module.css';
import { toEntered } from './entered.ts';
import type { Entered, FormChoice } from './form-field.ts';
import { FormFields } from './form-fields.tsx';

export interface CredentialDraft {
  readonly choice: FormChoice;
  readonly entered: Entered;
}

interface CredentialFieldsProps {
  readonly choices: readonly FormChoice[];
  readonly draft: CredentialDraft;
  readonly issues: readonly Issue[];
  /** That one is stored: all may be left empty. */
  readonly isStored: boolean;
  readonly onChange: (draft: CredentialDraft) => void;
}

/** What proves to the vendor who we are. It goes one way only: nothing of it ever comes back to a page. */
export function CredentialFields({ choices, draft, issues, isStored, onChange }: CredentialFieldsProps) {
  const [isShown, setIsShown] = useState(false);
  const [fileFault, setFileFault] = useState<string>();

  function fillIn(text: string) {
    const found = readCredential(choices, text);
    setFileFault(found === undefined ? 'There is no credential of this vendor in it.' : undefined);
    if (found !== undefined) onChange(found);
  }

  async function readFile({ target }: ChangeEvent<HTMLInputElement>) {
    const file = target.files?.[0];
    if (file !== undefined) fillIn(await file.text());
  }

  return (
    <>
      <p className={styles.soft}>
        {isStored
          ? 'One is stored, and cannot be shown. Leave all empty to keep it; what you enter replaces it.'
          : 'It is stored encrypted. It can be replaced later, but never shown again.'}
      </p>
      {choices.length < 2 ? null : (
        <FieldGroup legend="Kind of credential">
          {choices.map((choice) => (
            <label key={choice.name} className={styles.choice}>
              <input
                type="radio"
                name="credential-kind"
                checked={draft.choice.name === choice.name}
                onChange={() => onChange({ choice, entered: draft.entered })}
              />
              <span>
                {choice.label}
                {choice.hint === undefined ? null : <span className={styles.hint}>{choice.hint}</span>}
              </span>
            </label>
          ))}
        </FieldGroup>
      )}
      <FormFields
        choice={draft.choice}
        entered={draft.entered}
        issues={issues}
        isShown={isShown}
        onChange={(entered) => onChange({ ...draft, entered })}
      />
      <Tick label="Show what I type" isChecked={isShown} onChange={setIsShown} />
      <details>
        <summary>Fill this in from JSON</summary>
        <div className={styles.fields}>
          <Field
            label="JSON file"
            hint="Such as the key that Google gives for a service account. It is read by this page only."
            fault={fileFault}
          >
            {(control) => (
              <input
                {...control}
                type="file"
                accept=".json,application/json"
                onChange={(event) => void readFile(event)}
              />
            )}
          </Field>
          <Field label="Or paste it here" hint="It goes to the fields above at once.">
            {(control) => (
              // Nothing of it stays here.
              <textarea
                {...control}
                rows={1}
                value=""
                spellCheck={false}
                onChange={({ target }) => fillIn(target.value)}
              />
            )}
          </Field>
        </div>
      </details>
    </>
  );
}

/** The choice whose members are in the file; of several the one with the right `type`. */
function readCredential(choices: readonly FormChoice[], text: string): CredentialDraft | undefined {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const { type } = value;
  const choice = choices.find(({ name }) => name === type) ?? choices[0];
  if (choice === undefined) return undefined;
  const entered = toEntered(choice, value);
  return Object.keys(entered).length === 0 ? undefined : { choice, entered };
}
