import { useSyncExternalStore } from 'react';
import styles from './notices.module.css';

interface Notice {
  readonly id: number;
  readonly text: string;
}

let notices: readonly Notice[] = [];
let lastId = 0;
const listeners = new Set<() => void>();
const shownMs = 8_000;

/** Says what an action has done, in a corner for some seconds, and to screen readers. */
export function notify(text: string): void {
  lastId += 1;
  const notice = { id: lastId, text };
  setNotices([...notices, notice]);
  setTimeout(() => setNotices(notices.filter((each) => each !== notice)), shownMs);
}

export function Notices() {
  const shown = useSyncExternalStore(subscribe, () => notices);
  return (
    <div role="status" className={styles.notices}>
      {shown.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  );
}

function setNotices(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
