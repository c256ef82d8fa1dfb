import { recordTitle } from '@flotilla/substrate/model/record-name';
import { Link } from '@tanstack/react-router';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Moment } from '../../parts/moment.tsx';
import { RecordLink } from '../../parts/record-link.tsx';
import { sayCount } from '../../parts/say-count.ts';
import { VendorLine } from '../../parts/vendor-text.tsx';
import type { ResultOf } from '../../rpc/call.ts';
import styles from './records-page.module.css';

interface RecordTableProps {
  readonly scope: {
    readonly customerId: string;
    readonly integrationId: string;
    readonly entityType: string;
  };
  readonly records: ResultOf<'records.list.v1'>['records'];
  readonly only: 'edited' | 'conflicting' | undefined;
}

const empty = {
  all: 'There are none: no run has brought any yet, or this entity type is not synced.',
  edited: 'None: whatever was changed here is at the vendor.',
  conflicting: 'None: nothing of this entity type waits for a decision.',
} as const;

export function RecordTable({ scope, records, only }: RecordTableProps) {
  const { customerId, integrationId, entityType } = scope;
  return (
    <DataTable
      caption={`Records of the entity type ${entityType}`}
      rows={records}
      keyOf={({ recordId }) => recordId}
      empty={empty[only ?? 'all']}
      columns={[
        { title: 'Id', cell: ({ recordId }) => <RecordLink {...scope} recordId={recordId} /> },
        {
          title: 'What it is',
          cell: ({ ours, base }) => <VendorLine text={recordTitle(ours ?? base)} most={120} />,
        },
        {
          title: 'State',
          cell: ({ recordId, isDeleted, editedAt, openConflicts }) => (
            <>
              {!isDeleted && editedAt === null && openConflicts === 0 ? (
                <span className={styles.soft}>in step</span>
              ) : null}
              {isDeleted ? <Badge tone="warn">deleted here</Badge> : null}{' '}
              {editedAt === null || isDeleted ? null : <Badge tone="calm">edited here</Badge>}{' '}
              {openConflicts === 0 ? null : (
                <Link
                  to="/customers/$customerId/conflicts"
                  params={{ customerId }}
                  search={{ integrationId, entityType, recordId }}
                >
                  {sayCount(openConflicts, 'conflict')}
                </Link>
              )}
            </>
          ),
        },
        { title: 'Version', isNumber: true, cell: ({ version }) => version.toLocaleString() },
        { title: 'Changed', cell: ({ updatedAt }) => <Moment at={updatedAt} /> },
      ]}
    />
  );
}
