import { expect, test } from 'vitest';
import { bytes, string } from './columns.ts';
import { createMutationBuffer } from './mutation-buffer.ts';
import { defineTable } from './table.ts';

const names = defineTable('names', {
  columns: { id: string(10), name: string(20), picture: bytes('max').nullable() },
  primaryKey: ['id'],
  indexes: [{ name: 'by_name', columns: ['name'] }],
});

test('a transaction that writes more than Spanner takes in one commit is refused before it is sent, indexes counted', () => {
  const { methods, close } = createMutationBuffer([names]);
  // Two columns, and the index's two.
  for (let row = 0; row < 20_000; row++) methods.insert(names, { id: `n${row}`, name: 'Ash' });

  expect(() => methods.insert(names, { id: 'one more', name: 'Ash' })).toThrow(
    expect.objectContaining({ code: 'too_large' }),
  );
  expect(close()).toHaveLength(20_000);
});

test('so is one of too many bytes', () => {
  const { methods } = createMutationBuffer([names]);
  const picture = new Uint8Array(9 * 1024 * 1024);
  for (let row = 0; row < 8; row++) methods.upsert(names, { id: `n${row}`, name: 'Ash', picture });

  expect(() => methods.upsert(names, { id: 'last', name: 'Ash', picture })).toThrow(
    expect.objectContaining({ code: 'too_large' }),
  );
});
