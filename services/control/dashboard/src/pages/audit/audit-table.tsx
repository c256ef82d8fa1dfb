import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import { Link } from '@tanstack/react-router';
import { CustomerLink } from '../../parts/customer-link.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { type DiffField, FieldDiff } from '../../parts/field-diff.tsx';
import { Moment } from '../../parts/moment.tsx';
import { RecordLink } from '../../parts/record-link.tsx';
import { VendorText } from '../../parts/vendor-text.tsx';
import type { ResultOf } from '../../rpc/call.ts';

type Entry = ResultOf<'audit.list.v1'>['entries'][number];

interface AuditTableProps {
  readonly entries: readonly Entry[];
  /** Whether whose it is has to be said. */
  readonly hasCustomer: boolean;
  readonly isLast: boolean;
}

export function AuditTable({ entries, hasCustomer, isLast }: AuditTableProps) {
  const customer: Column<Entry> = {
    title: 'Customer',
    cell: ({ customerId, customerName }) => (
      <CustomerLink customerId={customerId} customerName={customerName} to="/customers/$customerId/audit" />
    ),
  };
  return (
    <DataTable
      caption="Audit log"
      rows={entries}
      keyOf={({ entryId }) => entryId}
      empty={
        isLast
          ? 'Nothing was done that this asks for.'
          : 'Nothing on this page; there may be some on the next.'
      }
      columns={[
        { title: 'When', cell: ({ at }) => <Moment at={at} /> },
        ...(hasCustomer ? [customer] : []),
        { title: 'Who', cell: ({ actor }) => <VendorText value={actor} isVerbatim /> },
        { title: 'Did what', cell: (entry) => <Deed entry={entry} /> },
      ]}
    />
  );
}

/** In words, with the way to what it was done to. */
function Deed({ entry }: { readonly entry: Entry }) {
  const { words, target, customerId } = entry;
  const { runId, integrationId, entityType, recordId } = target;
  return (
    <>
      <VendorText value={words} isVerbatim />{' '}
      {typeof runId === 'string' ? (
        <Link to="/customers/$customerId/runs/$runId" params={{ customerId, runId }}>
          The run
        </Link>
      ) : null}{' '}
      {typeof integrationId === 'string' && typeof entityType === 'string' && typeof recordId === 'string' ? (
        <RecordLink
          customerId={customerId}
          integrationId={integrationId}
          entityType={entityType}
          recordId={recordId}
        >
          The record
        </RecordLink>
      ) : null}
      <More entry={entry} />
    </>
  );
}

/** What changed, and all else that was noted. */
function More({ entry: { action, target, detail } }: { readonly entry: Entry }) {
  const { fields, ...rest } = detail;
  const changed = toFields(fields);
  return (
    <details>
      <summary>{changed.length === 0 ? 'Details' : 'What changed'}</summary>
      {changed.length === 0 ? null : <FieldDiff caption="What changed" fields={changed} />}
      <p>
        By <code>{action}</code>
      </p>
      <Noted values={target} />
      <Noted values={rest} />
    </details>
  );
}

function Noted({ values }: { readonly values: JsonObject }) {
  return Object.entries(values).map(([name, value]) => (
    <div key={name}>
      {name}: <VendorText value={value} />
    </div>
  ));
}

function toFields(value: JsonValue | undefined): readonly DiffField[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((field: JsonValue) => {
    if (typeof field !== 'object' || field === null || !('pointer' in field)) return [];
    const { pointer, before, after } = field;
    return typeof pointer === 'string' ? [{ pointer, before, after }] : [];
  });
}
