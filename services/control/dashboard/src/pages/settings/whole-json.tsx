import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { Field } from '../../parts/field.tsx';
import styles from './settings-page.module.css';

interface WholeJsonProps {
  readonly draft: JsonObject;
  readonly mayChange: boolean;
  readonly onApply: (draft: JsonObject) => void;
}

/** All that is chosen, as it is sent: for what the forms do not show, such as lists with keys and single records. */
export function WholeJson({ draft, mayChange, onApply }: WholeJsonProps) {
  const [typed, setTyped] = useState<string>();
  const [fault, setFault] = useState<string>();
  const text = typed ?? JSON.stringify(draft, null, 2);

  function apply() {
    const parsed = parse(text);
    if (typeof parsed === 'string') {
      setFault(parsed);
      return;
    }
    setFault(undefined);
    setTyped(undefined);
    onApply(parsed);
  }

  return (
    <Card title="Everything that is chosen, as JSON">
      <details open={typed !== undefined || undefined}>
        <summary className={styles.summary}>
          Also what the forms above do not show: lists with keys, single records
        </summary>
        <div className={styles.json}>
          <Field
            label="Settings"
            hint="What is left out follows the defaults. docs/merging.md says what each member means."
            fault={fault}
          >
            {(control) => (
              <textarea
                {...control}
                className={styles.code}
                rows={Math.min(30, text.split('\n').length + 1)}
                spellCheck={false}
                readOnly={!mayChange}
                value={text}
                onChange={({ target }) => setTyped(target.value)}
              />
            )}
          </Field>
          {mayChange ? (
            <div className={styles.buttons}>
              <Button onClick={apply} disabled={typed === undefined}>
                Take this over into the forms
              </Button>
              {typed === undefined ? null : (
                <Button
                  kind="quiet"
                  onClick={() => {
                    setTyped(undefined);
                    setFault(undefined);
                  }}
                >
                  Undo what I typed here
                </Button>
              )}
            </div>
          ) : null}
        </div>
      </details>
    </Card>
  );
}

/** The object, or what is wrong with the text. */
function parse(text: string): JsonObject | string {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (thrown) {
    return `This is no JSON: ${thrown instanceof Error ? thrown.message : 'it cannot be read'}`;
  }
  return isJsonObject(value) ? value : 'Settings are an object: { … }';
}
