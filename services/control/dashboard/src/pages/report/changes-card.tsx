import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { RecordChange, RecordChanges } from '../../parts/record-change.tsx';
import { sayCount } from '../../parts/say-count.ts';
import styles from './report.module.css';
import { countChanges, type Report } from './run-facts.ts';

interface ChangesCardProps {
  readonly report: Report;
  /** Undefined: there is no more to be had. */
  readonly onMore: (() => void) | undefined;
  readonly isBusy: boolean;
}

/** What the run changed on our side, record by record, field by field. Few are shown open. */
export function ChangesCard({ report, onMore, isBusy }: ChangesCardProps) {
  const { changes, changesOmitted, totals } = report;
  const all = Math.max(countChanges(totals), changes.length);
  if (all === 0) return null;
  return (
    <Card title={`What changed here (${all.toLocaleString()})`}>
      <RecordChanges>
        {changes.map(({ entityType, recordId, action, fields }, index) => (
          <RecordChange
            key={`${entityType}/${recordId}/${action}`}
            {...report}
            entityType={entityType}
            recordId={recordId}
            fields={fields}
            action={action}
            startsOpen={action === 'update' && index < firstOpen}
          />
        ))}
      </RecordChanges>
      <MoreRecords omitted={changesOmitted} onMore={onMore} isBusy={isBusy} />
    </Card>
  );
}

const firstOpen = 5;

interface MoreRecordsProps extends Omit<ChangesCardProps, 'report'> {
  readonly omitted: number;
}

/** How many more there are than shown, and the way to them. */
export function MoreRecords({ omitted, onMore, isBusy }: MoreRecordsProps) {
  if (omitted === 0) return null;
  return (
    <p className={styles.more}>
      <span>{sayCount(omitted, 'more record')}, not shown.</span>
      {onMore === undefined ? (
        <span>A report shows a thousand at most; each record's history has its own.</span>
      ) : (
        <Button isBusy={isBusy} onClick={onMore}>
          Show more
        </Button>
      )}
    </p>
  );
}
