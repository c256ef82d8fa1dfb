import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef } from 'react';
import { Button } from '../../parts/button.tsx';
import styles from './audit-filters.module.css';
import type { AuditSearch } from './audit-log.tsx';

/** By what the names of methods begin with. */
const matters: readonly (readonly [string, string])[] = [
  ['runs', 'Runs: started, approved, rejected, taken back'],
  ['conflicts', 'Conflicts'],
  ['records', 'Records'],
  ['settings', 'Settings'],
  ['integrations', 'Integrations'],
  ['credentials', 'Credentials'],
  ['keys', 'Keys'],
  ['customers', 'Customers'],
  ['notifications', 'E-mail'],
  ['deadLetters', 'Dead letters'],
];

/** What the list is narrowed to, as the address says. */
export function AuditFilters({ search }: { readonly search: AuditSearch }) {
  const navigate = useNavigate();
  const { actor, action, since, until } = search;
  const form = useRef<HTMLFormElement>(null);
  // Back to what the address says where that changes by itself; what has the focus keeps it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: as said
  useEffect(() => form.current?.reset(), [actor, action, since, until]);
  const isOther = action !== undefined && !matters.some(([name]) => name === action);

  /** Back to the first page: `after` is a place in another list. */
  function show(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const given = [...new FormData(event.currentTarget)].filter(([, value]) => value !== '');
    void navigate({ to: '.', search: Object.fromEntries(given) as never });
  }

  return (
    <search>
      <form ref={form} className={styles.filters} onSubmit={show}>
        <label>
          Who
          <input name="actor" defaultValue={actor} placeholder="as in the list" autoComplete="off" />
        </label>
        <label>
          What
          <select key={action} name="action" defaultValue={action ?? ''}>
            <option value="">all</option>
            {isOther ? <option>{action}</option> : null}
            {matters.map(([name, title]) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <label>
          From
          <input name="since" type="date" defaultValue={since} />
        </label>
        <label>
          To
          <input name="until" type="date" defaultValue={until} />
        </label>
        <Button type="submit">Show</Button>
        <Button kind="quiet" onClick={() => void navigate({ to: '.', search: {} as never })}>
          Show all
        </Button>
      </form>
    </search>
  );
}
