import type { JsonValue } from '@flotilla/substrate/json/json-value';
import { DataTable } from './data-table.tsx';
import { VendorText } from './vendor-text.tsx';

export interface DiffField {
  readonly pointer: string;
  readonly before?: JsonValue | undefined;
  readonly after?: JsonValue | undefined;
  readonly rule?: string | undefined;
}

/** Fields of one record, before and after, with the rule that decided where there was more to it. */
export function FieldDiff({
  caption,
  fields,
  action = 'update',
}: {
  readonly caption: string;
  readonly fields: readonly DiffField[];
  /** Of a created record nothing was there before, and of a deleted one nothing is there after. */
  readonly action?: 'create' | 'update' | 'delete';
}) {
  const hasRules = fields.some(({ rule }) => rule !== undefined);
  return (
    <DataTable
      caption={caption}
      rows={fields}
      keyOf={({ pointer }) => pointer}
      empty="No field differs."
      columns={[
        {
          title: 'Field',
          cell: ({ pointer }) => <VendorText value={pointer === '' ? 'the record' : pointer} />,
        },
        ...(action === 'create'
          ? []
          : [{ title: 'Before', cell: ({ before }: DiffField) => <VendorText value={before} /> }]),
        ...(action === 'delete'
          ? []
          : [{ title: 'After', cell: ({ after }: DiffField) => <VendorText value={after} /> }]),
        ...(hasRules ? [{ title: 'Rule', cell: ({ rule }: DiffField) => rule ?? '' }] : []),
      ]}
    />
  );
}
