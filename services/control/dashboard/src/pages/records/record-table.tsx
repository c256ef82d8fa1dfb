import { recordHints } from '@flotilla/substrate/model/record-hints';
import { recordTitle } from '@flotilla/substrate/model/record-name';
import { Link } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';
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
  /** What stands where there are none. */
  readonly empty: ReactNode;
}

export function RecordTable({ scope, records, empty }: RecordTableProps) {
  const { customerId, integrationId, entityType } = scope;
  // Control has answered with its records, so it is an entity type.
  const listed = entityType as Parameters<typeof recordHints>[0];
  return (
    <DataTable
      caption={`Records of the entity type ${entityType}`}
      rows={records}
      keyOf={({ recordId }) => recordId}
      empty={empty}
      columns={[
        {
          title: 'Record',
          // The whole name, of which control has the beginning; and of what only joins others, what it joins.
          cell: ({ recordId, ours, base }) => (
            <>
              <RecordLink {...scope} recordId={recordId} name={recordTitle(ours ?? base)} />
              <Hints hints={recordHints(listed, ours ?? base)} />
            </>
          ),
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

/** Who of several of one name it is. */
function Hints({ hints }: { readonly hints: readonly string[] }) {
  if (hints.length === 0) return null;
  return (
    <small className={styles.hints}>
      {hints.map((hint, index) => (
        <Fragment key={hint}>
          {index === 0 ? '' : ' · '}
          <VendorLine text={hint} />
        </Fragment>
      ))}
    </small>
  );
}
