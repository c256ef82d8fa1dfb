import styles from './moment.module.css';

interface MomentProps {
  /** RFC 3339, UTC; null where it has not come yet. */
  readonly at: string | null;
  readonly absent?: string;
  /** Prints the exact moment beneath, for who points at nothing: where a few moments are what somebody came for, not in each row of a table. */
  readonly isExact?: boolean;
}

const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** A moment in the reader's own time zone; the exact one, in UTC, when it is pointed at. */
export function Moment({ at, absent = 'not yet', isExact = false }: MomentProps) {
  if (at === null) return <span>{absent}</span>;
  const moment = (
    <time dateTime={at} title={at} className={styles.moment}>
      {format.format(new Date(at))}
    </time>
  );
  if (!isExact) return moment;
  return (
    <>
      {moment} <span className={styles.exact}>{at.replace('T', ' ').replace('Z', ' UTC')}</span>
    </>
  );
}
