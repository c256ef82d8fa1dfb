import { Button } from '../../parts/button.tsx';
import { sayCount } from '../../parts/say-count.ts';
import styles from './report.module.css';

interface MoreRecordsProps {
  readonly omitted: number;
  /** Undefined: there is no more to be had. */
  readonly onMore: (() => void) | undefined;
  readonly isBusy: boolean;
}

/** How many more there are than shown, and the way to them. */
export function MoreRecords({ omitted, onMore, isBusy }: MoreRecordsProps) {
  if (omitted === 0) return null;
  return (
    <p className={styles.more}>
      <span>{sayCount(omitted, 'more record')}, not shown.</span>
      {onMore === undefined ? (
        <span>A report has room for no more; each record's history has its own.</span>
      ) : (
        <Button isBusy={isBusy} onClick={onMore}>
          Show more
        </Button>
      )}
    </p>
  );
}
