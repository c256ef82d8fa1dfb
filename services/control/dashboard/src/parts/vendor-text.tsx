import type { JsonValue } from '@flotilla/substrate/json/json-value';
import { toPlainText } from '@flotilla/substrate/report/plain-text';
import type { ReactNode } from 'react';
import styles from './vendor-text.module.css';

interface VendorTextProps {
  /** Whatever came from outside: a text, a number, an object; undefined where there is none. */
  readonly value: JsonValue | undefined;
  /** What stands where there is no value. */
  readonly absent?: string;
  /** UTF-16 units that are shown at once; the rest opens on demand. */
  readonly most?: number;
  /** A text that cannot be taken for anything else where it stands, such as an answer under its own heading: never quoted, lines kept. */
  readonly isVerbatim?: boolean;
  /** Of a value of which control tells the beginning only, as a text: how many characters it has. */
  readonly length?: number | undefined;
  /** The way to where that one is whole. */
  readonly whole?: ReactNode;
}

/**
 * A value from a vendor or a person, harmless: what steers or cannot be seen is shown as �, its direction of writing changes nothing
 * around it, and a long one is folded. A text that could be taken for another value, or for none, stands in quotes.
 */
export function VendorText({
  value,
  absent = 'none',
  most = 300,
  isVerbatim = false,
  length,
  whole,
}: VendorTextProps) {
  if (value === undefined) return <span className={styles.absent}>{absent}</span>;
  if (typeof value === 'string' && length !== undefined) {
    return (
      <>
        <bdi className={styles.text}>{toPlainText(`${value}…`, most)}</bdi> ({length.toLocaleString()}{' '}
        characters{whole === undefined ? null : <>, whole in {whole}</>})
      </>
    );
  }
  const isAsItIs = typeof value === 'string' && (isVerbatim || !isMistakable(value));
  const text = isAsItIs ? value : JSON.stringify(value);
  const shown = isVerbatim
    ? text
        .split(/\r?\n/)
        .map((line) => toPlainText(line))
        .join('\n')
    : toPlainText(text);
  if (text.length <= most) return <bdi className={styles.text}>{shown}</bdi>;
  return (
    <details className={styles.long}>
      <summary>
        <bdi className={styles.text}>{toPlainText(text, most)}</bdi> ({text.length.toLocaleString()}{' '}
        characters)
      </summary>
      <bdi className={styles.text}>{shown}</bdi>
    </details>
  );
}

/** The same within a link, a line that opens, or a sentence, where nothing can be folded: cut. Never quoted. */
export function VendorLine({ text, most = 80 }: { readonly text: string; readonly most?: number }) {
  return (
    <bdi className={styles.line} title={text.length > most ? toPlainText(text) : undefined}>
      {toPlainText(text, most)}
    </bdi>
  );
}

function isMistakable(text: string): boolean {
  return text !== text.trim() || text === '' || /^(?:true|false|null|none|-?\d[\d.]*|[[{"].*)$/.test(text);
}
