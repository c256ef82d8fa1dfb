import { formatCount } from '../output/plain-text.ts';
import { renderTable } from '../output/table.ts';
import { type ExpectedCounts, expectEdits } from './compare-night.ts';
import type { Stage } from './stage.ts';

/** Edits every district as a school day does, and tells it. What a sync has to find, by customer. */
export async function editDistricts({
  host,
  narrator,
  demo,
}: Stage): Promise<ReadonlyMap<string, ExpectedCounts>> {
  const { colors } = host.terminal;
  const expected = new Map<string, ExpectedCounts>();
  const rows: string[][] = [];
  for (const { customerId, provider } of demo.districts) {
    const edits = expectEdits(await provider.edit());
    expected.set(customerId, edits);
    for (const [entityType, { created, updated, deleted }] of edits) {
      rows.push([customerId, entityType, ...[created, updated, deleted].map(formatCount)]);
    }
  }
  narrator.tell(
    'Students were renamed, moved to other classes, came and left; classes changed rooms; scores were',
  );
  narrator.tell('corrected. At the providers that is:');
  narrator.tell();
  const columns = [
    { title: 'district' },
    { title: 'entity type' },
    ...['created', 'updated', 'deleted'].map((title) => ({ title, align: 'right' as const })),
  ];
  narrator.tell(renderTable(columns, rows, colors));
  narrator.tell();
  return expected;
}
