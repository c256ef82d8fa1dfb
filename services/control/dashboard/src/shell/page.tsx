import { toPlainText } from '@flotilla/substrate/report/plain-text';
import { type ReactNode, useEffect, useRef } from 'react';
import styles from './page.module.css';

interface PageProps {
  /** The only `<h1>`, and with "Flotilla" the window's title. */
  readonly title: string;
  /** Whose it is: stands in the window's title too, where the title does not say it, so that windows are told apart. */
  readonly of?: string;
  /** The way here, as links. */
  readonly trail?: ReactNode;
  /** Beside the title: what can be done here. */
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

/** What every page is made of. The title takes the focus when the page opens, so that a screen reader says where one is. */
export function Page({ title, of: owner = '', trail, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // It may name what a vendor or a person has named.
  const shown = toPlainText(title);
  const named = toPlainText(owner);
  const windowTitle = [shown, ...(shown.includes(named) ? [] : [named]), 'Flotilla'].join(' · ');
  useEffect(() => {
    document.title = windowTitle;
  }, [windowTitle]);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className={styles.page}>
      {trail === undefined ? null : (
        <nav aria-label="Where this is" className={styles.trail}>
          {trail}
        </nav>
      )}
      <div className={styles.head}>
        <h1 ref={heading} tabIndex={-1}>
          <bdi>{shown}</bdi>
        </h1>
        {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
      </div>
      {children}
    </div>
  );
}
