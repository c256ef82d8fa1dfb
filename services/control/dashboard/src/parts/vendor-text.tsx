import type { JsonValue } from '@flotilla/substrate/json/json-value';
import { toPlainText } from '@flotilla/substrate/report/plain-text';
import styles from './vendor-text.module.css';

interface VendorTextProps {
  /** Whatever came from outside: a text, a number, an object; undefined where there is none. */
  readonly value: JsonValue | undefined;
  /** What stands where there is no value. */
  readonly absent?: string;
  /** UTF-16 units that are shown at once; the rest opens on demand. */
  readonly most?: number;
}

/**
 * A value from a vendor or a person, harmless: what steers or cannot be seen is shown as �, its direction of writing changes nothing
 * around it, and a long one is folded. A text that could be taken for another value, or for none, stands in quotes.
 */
export function VendorText({ value, absent = 'none', most = 300 }: VendorTextProps) {
  if (value === undefined) return <span className={styles.absent}>{absent}</span>;
  const text = typeof value === 'string' && !isMistakable(value) ? value : JSON.stringify(value);
  if (text.length <= most) return <bdi className={styles.text}>{toPlainText(text)}</bdi>;
  return (
    <details className={styles.long}>
      <summary>
        <bdi className={styles.text}>{toPlainText(text, most)}</bdi> ({text.length.toLocaleString()}{' '}
        characters)
      </summary>
      <bdi className={styles.text}>{toPlainText(text)}</bdi>
    </details>
  );
}

function isMistakable(text: string): boolean {
  return text !== text.trim() || text === '' || /^(?:true|false|null|none|-?\d[\d.]*|[[{"].*)$/.test(text);
}
