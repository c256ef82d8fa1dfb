import type { ReactNode } from 'react';
import styles from './badge.module.css';
import tones from './tone.module.css';

export type Tone = 'good' | 'warn' | 'bad' | 'calm';

/** One word on how something stands. The word tells it; the colour only helps. */
export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return <span className={`${styles.badge} ${tones[tone]}`}>{children}</span>;
}
