import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import styles from './pager.module.css';

interface PagerProps {
  /** Where the shown page begins; undefined on the first. */
  readonly after: string | undefined;
  /** Where the next one begins; null on the last. */
  readonly next: string | null;
  /** What the way on is called, where it is more than the next page. */
  readonly onward?: string;
}

/** Onward through a list that control pages; back goes by the browser's own button, or to the beginning. */
export function Pager({ after, next, onward = 'Next page' }: PagerProps) {
  const shown = useRef(after);
  useEffect(() => {
    if (shown.current === after) return;
    shown.current = after;
    // The link that was followed may be gone, and the list begins anew above.
    document.querySelector('h1')?.focus({ preventScroll: true });
  }, [after]);
  if (after === undefined && next === null) return null;
  return (
    <nav aria-label="Pages of this list" className={styles.pager}>
      {after === undefined ? (
        <span />
      ) : (
        <Link to="." search={(search: Record<string, unknown>) => ({ ...search, after: undefined }) as never}>
          To the beginning
        </Link>
      )}
      {next === null ? (
        <span>The end of the list</span>
      ) : (
        <Link to="." search={(search: Record<string, unknown>) => ({ ...search, after: next }) as never}>
          {onward}
        </Link>
      )}
    </nav>
  );
}
