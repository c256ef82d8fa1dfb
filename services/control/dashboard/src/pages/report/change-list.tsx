import { RecordChange, RecordChanges } from '../../parts/record-change.tsx';
import type { Report } from './run-facts.ts';

interface ChangeListProps {
  readonly report: Report;
  /** Of a report, or from `runs.changes.v1`. */
  readonly changes: readonly (Omit<Report['changes'][number], 'name'> & {
    readonly name?: string | null | undefined;
  })[];
}

const firstOpen = 5;

/** The first updates are open: they are what one looks for. */
export function ChangeList({ report, changes }: ChangeListProps) {
  return (
    <RecordChanges>
      {changes.map(({ entityType, recordId, name, action, fields, fieldsOmitted }, index) => (
        <RecordChange
          key={`${entityType}/${recordId}/${action}`}
          {...report}
          entityType={entityType}
          recordId={recordId}
          name={name}
          fields={fields}
          fieldsOmitted={fieldsOmitted}
          action={action}
          startsOpen={action === 'update' && index < firstOpen}
        />
      ))}
    </RecordChanges>
  );
}
