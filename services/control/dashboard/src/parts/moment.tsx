import styles from './moment.module.css';

interface MomentProps {
  /** RFC 3339, UTC; null where it has not come yet. */
  readonly at: string | null;
  readonly absent?: string;
}

const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** A moment in the reader's own time zone; the exact one, in UTC, when it is pointed at. */
export function Moment({ at, absent = 'not yet' }: MomentProps) {
  if (at === null) return <span>{absent}</span>;
  return (
    <time dateTime={at} title={at} className={styles.moment}>
      {format.format(new Date(at))}
    </time>
  );
}
