import { isJsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { diffFields } from '@flotilla/substrate/report/diff-fields';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { sides } from '../../parts/exceeded-limits.tsx';
import type { DiffField } from '../../parts/field-diff.tsx';
import { RecordChange } from '../../parts/record-change.tsx';
import { VendorText } from '../../parts/vendor-text.tsx';
import type { ResultOf } from '../../rpc/call.ts';
import { sayRule } from './say-rule.ts';

type Planned = ResultOf<'runs.plan.v1'>['records'][number];
type Direction = 'toOurs' | 'toTheirs';
type Action = 'create' | 'update' | 'delete';

interface PlannedRecordProps {
  readonly run: ResultOf<'runs.get.v1'>;
  readonly record: Planned;
  /** Only what happens on this side, or in this way; undefined: all of it. */
  readonly direction: Direction | undefined;
  readonly action: Action | undefined;
}

const directions = ['toOurs', 'toTheirs'] as const;

/** What would become of one record, on either side; or why it waits. */
export function PlannedRecord({ run, record, direction, action }: PlannedRecordProps) {
  const { customerId, integrationId } = run;
  const { entityType, recordId, name, conflicts } = record;
  const place = { customerId, integrationId, entityType, recordId, name };
  return (
    <>
      {directions
        .filter((each) => direction === undefined || each === direction)
        .map((each) => {
          const side = record[each];
          if (side === null || (action !== undefined && side.action !== action)) return null;
          const isUpdate = side.action === 'update';
          return (
            <RecordChange
              key={each}
              {...place}
              action={side.action}
              lead={sides[each]}
              fields={isUpdate ? side.lines : side.lines.flatMap(toFields)}
              startsOpen={isUpdate && side.lines.length <= 3}
            >
              {isUpdate ? null : <p>Why: {sayWhyOf(side, each)}</p>}
            </RecordChange>
          );
        })}
      {conflicts.length === 0 ? null : (
        <RecordChange
          {...place}
          lead={<Badge tone="warn">in conflict</Badge>}
          fields={conflicts}
          body={<ConflictingFields conflicts={conflicts} />}
        />
      )}
    </>
  );
}

function sayWhyOf({ action, lines }: NonNullable<Planned[Direction]>, direction: Direction): string {
  return [...new Set(lines.map(({ rule }) => sayRule(rule, direction, action)))].join(', ');
}

function ConflictingFields({ conflicts }: { readonly conflicts: Planned['conflicts'] }) {
  return (
    <>
      <p>The record stays as it is, on both sides, until somebody decides.</p>
      <DataTable
        caption="Fields that both sides changed differently"
        rows={conflicts}
        keyOf={({ pointer }) => pointer}
        empty=""
        columns={[
          {
            title: 'Field',
            cell: ({ pointer }) => <VendorText value={pointer || 'the whole record'} isVerbatim />,
          },
          { title: 'Before', cell: ({ base }) => <VendorText value={base} /> },
          { title: 'Ours', cell: ({ ours }) => <VendorText value={ours} /> },
          { title: 'Theirs', cell: ({ theirs }) => <VendorText value={theirs} /> },
          { title: 'Rule', cell: ({ rule }) => rule },
        ]}
      />
    </>
  );
}

/** A created or deleted record, field by field. */
function toFields({ before, after }: PlanLine): readonly DiffField[] {
  return diffFields(objectOf(before), objectOf(after));
}

type PlanLine = NonNullable<Planned['toOurs']>['lines'][number];

function objectOf(value: JsonValue | undefined) {
  return isJsonObject(value) ? value : null;
}
