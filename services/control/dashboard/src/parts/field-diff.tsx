import type { JsonValue } from '@flotilla/substrate/json/json-value';
import type { ReactNode } from 'react';
import { DataTable } from './data-table.tsx';
import { VendorText } from './vendor-text.tsx';

export interface DiffField {
  readonly pointer: string;
  readonly before?: JsonValue | undefined;
  readonly after?: JsonValue | undefined;
  readonly rule?: string | undefined;
  /** Of which of these only the beginning is here, and how many characters they have. */
  readonly cut?:
    | { readonly pointer?: number; readonly before?: number; readonly after?: number; readonly rule?: number }
    | undefined;
}

/** Fields of one record, before and after, with the rule that decided where there was more to it. */
export function FieldDiff({
  caption,
  fields,
  action = 'update',
  whole,
}: {
  readonly caption: string;
  readonly fields: readonly DiffField[];
  /** Of a created record nothing was there before, and of a deleted one nothing is there after. */
  readonly action?: 'create' | 'update' | 'delete';
  /** The way to the record, where those values are whole that are cut here. */
  readonly whole?: ReactNode;
}) {
  const show = (side: 'before' | 'after') => (field: DiffField) => (
    <VendorText value={field[side]} length={field.cut?.[side]} whole={whole} />
  );
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
          cell: ({ pointer, cut }) => (
            <VendorText value={pointer === '' ? 'the record' : pointer} length={cut?.pointer} />
          ),
        },
        ...(action === 'create' ? [] : [{ title: 'Before', cell: show('before') }]),
        ...(action === 'delete' ? [] : [{ title: 'After', cell: show('after') }]),
        ...(hasRules ? [{ title: 'Rule', cell: ({ rule }: DiffField) => rule ?? '' }] : []),
      ]}
    />
  );
}
