import type { JsonValue } from '@flotilla/substrate/json/json-value';

/** One member of what a vendor needs, as a form asks for it. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly hint: string | undefined;
  readonly isRequired: boolean;
  /** `choice`: one of `choices`; `list`: texts, one a line; `json`: whatever a form cannot ask for. */
  readonly kind: 'text' | 'url' | 'secret' | 'key' | 'number' | 'choice' | 'flag' | 'list' | 'json';
  readonly choices: readonly string[];
  /** What holds where nothing is entered. */
  readonly fallback: JsonValue | undefined;
  /** Regular expression that a text, or each text of a list, has somewhere. */
  readonly pattern: string | undefined;
  readonly isWhole: boolean;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
}

/** One way to fill in a form: most have one, credentials often several. */
export interface FormChoice {
  /** The word in `type` that tells it from the others; empty where there is one only. */
  readonly name: string;
  readonly label: string;
  readonly hint: string | undefined;
  /** What need not be asked, since it can only be this. */
  readonly constants: Readonly<Record<string, JsonValue>>;
  readonly fields: readonly FormField[];
}

/** What is in a form's controls, by the field's name. */
export type Entered = Readonly<Record<string, string>>;
