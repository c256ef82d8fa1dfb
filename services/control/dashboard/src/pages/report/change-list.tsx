import { RecordChange, RecordChanges } from '../../parts/record-change.tsx';
import type { Report } from './run-facts.ts';

interface ChangeListProps {
  readonly report: Report;
  readonly changes: Report['changes'];
}

const firstOpen = 5;

/** The first updates are open: they are what one looks for. */
export function ChangeList({ report, changes }: ChangeListProps) {
  return (
    <RecordChanges>
      {changes.map(({ entityType, recordId, action, fields, fieldsOmitted }, index) => (
        <RecordChange
          key={`${entityType}/${recordId}/${action}`}
          {...report}
          entityType={entityType}
          recordId={recordId}
          fields={fields}
          fieldsOmitted={fieldsOmitted}
          action={action}
          startsOpen={action === 'update' && index < firstOpen}
        />
      ))}
    </RecordChanges>
  );
}
