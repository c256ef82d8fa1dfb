import { type ReactNode, useId } from 'react';
import type { Tone } from './badge.tsx';
import styles from './callout.module.css';
import tones from './tone.module.css';

interface CalloutProps {
  readonly tone: Tone;
  readonly title: ReactNode;
  /** Told to screen readers at once. */
  readonly isAlert?: boolean;
  readonly children?: ReactNode;
}

/** Something that should be seen before the rest. */
export function Callout({ tone, title, isAlert = false, children }: CalloutProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      role={isAlert ? 'alert' : undefined}
      className={`${styles.callout} ${tones[tone]}`}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
