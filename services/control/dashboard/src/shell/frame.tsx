import { Link, Outlet } from '@tanstack/react-router';
import { useRef } from 'react';
import styles from './frame.module.css';
import { Notices } from './notices.tsx';
import { SignedIn } from './signed-in.tsx';
import { ThemeChoice } from './theme-choice.tsx';
import { useKeptFocus } from './use-kept-focus.ts';

const places = [
  { to: '/', title: 'Fleet' },
  { to: '/customers', title: 'Customers' },
  { to: '/dead-letters', title: 'Dead letters' },
  { to: '/audit', title: 'Audit log' },
] as const;

/** Around every page: where one can go, who one is, how it looks. */
export function Frame() {
  const content = useRef<HTMLElement>(null);
  useKeptFocus(content);
  return (
    <>
      <a href="#content" className={styles.skip}>
        Skip to the content
      </a>
      <header className={styles.header}>
        <Link to="/" className={styles.name}>
          Flotilla
        </Link>
        <nav aria-label="Pages" className={styles.places}>
          {places.map(({ to, title }) => (
            <Link
              key={to}
              to={to}
              activeOptions={{ exact: to === '/' }}
              activeProps={{ 'aria-current': 'page' }}
            >
              {title}
            </Link>
          ))}
        </nav>
        <div className={styles.reader}>
          <ThemeChoice />
          <SignedIn />
        </div>
      </header>
      <main ref={content} id="content" className={styles.content} tabIndex={-1}>
        <Outlet />
      </main>
      <Notices />
    </>
  );
}
