import type { ControlProps } from '../../parts/field.tsx';
import styles from './connect-page.module.css';
import type { FormField } from './form-field.ts';

interface FieldControlProps {
  readonly field: FormField;
  readonly control: ControlProps;
  readonly value: string;
  readonly isShown: boolean;
  readonly onChange: (value: string) => void;
}

/** The browser's own control for what a field holds. */
export function FieldControl({ field, control, value, isShown, onChange }: FieldControlProps) {
  const { kind, isRequired, fallback } = field;
  const placeholder = fallback === undefined || fallback === null ? undefined : sayFallback(field);
  const shared = {
    ...control,
    value,
    'aria-required': isRequired || undefined,
    autoComplete: 'off',
    spellCheck: false,
    placeholder,
  } as const;

  switch (kind) {
    case 'choice':
    case 'flag':
      return (
        <select
          {...control}
          value={value}
          aria-required={isRequired || undefined}
          onChange={({ target }) => onChange(target.value)}
        >
          <option value="">{placeholder ?? (isRequired ? 'Choose …' : 'Left out')}</option>
          {(kind === 'flag' ? ['true', 'false'] : field.choices).map((choice) => (
            <option key={choice} value={choice}>
              {kind === 'flag' ? (choice === 'true' ? 'yes' : 'no') : choice}
            </option>
          ))}
        </select>
      );
    case 'list':
    case 'json':
      return (
        <textarea
          {...shared}
          rows={kind === 'json' ? 4 : 2}
          onChange={({ target }) => onChange(target.value)}
        />
      );
    case 'key':
      return (
        <textarea
          {...shared}
          rows={4}
          className={isShown ? undefined : styles.masked}
          onChange={({ target }) => onChange(target.value)}
        />
      );
    case 'secret':
      return (
        <input
          {...shared}
          type={isShown ? 'text' : 'password'}
          // Else browsers offer to keep it, or fill in somebody's own password.
          autoComplete="new-password"
          onChange={({ target }) => onChange(target.value)}
        />
      );
    default:
      return (
        <input
          {...shared}
          type={kind === 'url' ? 'url' : 'text'}
          inputMode={kind === 'number' ? 'decimal' : undefined}
          onChange={({ target }) => onChange(target.value)}
        />
      );
  }
}

function sayFallback({ fallback, kind }: FormField): string {
  if (Array.isArray(fallback)) return fallback.length === 0 ? '' : `Default: ${fallback.join(', ')}`;
  if (kind === 'flag') return `Default: ${fallback === true ? 'yes' : 'no'}`;
  return `Default: ${typeof fallback === 'string' ? fallback : JSON.stringify(fallback)}`;
}
