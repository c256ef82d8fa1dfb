import { expect, test } from 'vitest';
import type { PlanLine } from '../../merge/plan.ts';
import { countUpdatedFields, type FieldUpdates } from './field-updates.ts';

test('fields are counted once for each record, and places so long that no setting names them are not', () => {
  const updates: FieldUpdates = new Map();
  const line = (pointer: string, action: PlanLine['action'] = 'update'): PlanLine => ({
    action,
    pointer,
    rule: 'theirs changed',
  });
  countUpdatedFields(updates, [line('/email'), line(`/${'x'.repeat(100_000)}`)]);
  countUpdatedFields(updates, [line('/email'), line('', 'delete')]);
  expect([...updates]).toEqual([['/email', 2]]);
});
