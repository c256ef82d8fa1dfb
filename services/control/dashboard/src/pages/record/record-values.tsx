import { isSameJson } from '@flotilla/substrate/merge/values/same-json';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { VendorText } from '../../parts/vendor-text.tsx';
import type { StoredRecord } from './record-verdict.tsx';

/** Member by member. What differs comes first. */
export function RecordValues({ record: { ours, base } }: { readonly record: StoredRecord }) {
  const names = [...new Set([...Object.keys(ours ?? {}), ...Object.keys(base ?? {})])];
  const rows = names.map((name) => {
    const [mine, agreed] = [ours?.[name], base?.[name]];
    return { name, mine, agreed, isSame: isSameJson(mine, agreed, false, []) };
  });
  return (
    <DataTable
      caption="The record"
      rows={[...rows.filter(({ isSame }) => !isSame), ...rows.filter(({ isSame }) => isSame)]}
      keyOf={({ name }) => name}
      empty="It has no members."
      columns={[
        { title: 'Field', cell: ({ name }) => <VendorText value={name} /> },
        { title: 'Ours', cell: ({ mine }) => <VendorText value={mine} absent="not there" /> },
        {
          title: 'Agreed on',
          cell: ({ agreed, isSame }) =>
            isSame ? (
              'the same'
            ) : (
              <>
                <VendorText value={agreed} absent="not there" /> <Badge tone="warn">differs</Badge>
              </>
            ),
        },
      ]}
    />
  );
}
