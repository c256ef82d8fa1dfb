import { expect, test } from 'vitest';
import { DateTime, optional, Text } from './lenient.ts';
import { at } from './record-shape.ts';
import { toWirePatch } from './to-wire-patch.ts';

const members = {
  title: Text,
  dueDate: at('due.at', optional(DateTime)),
  description: at('about', optional(Text)),
};
const value = { title: 'Essay', dueDate: '2026-02-03T00:00:00.000Z' };

test('a patch holds what has changed and the table has, and null for what is gone', () => {
  expect(toWirePatch(members, { value, changed: ['title', 'description', 'status'] })).toEqual({
    title: 'Essay',
    about: null,
  });
});

test('what stands within another member goes with its neighbours there', () => {
  const latest = { due: { at: '2026-01-01T00:00:00Z', zone: 'UTC' } };
  expect(toWirePatch(members, { value, changed: ['dueDate'], latest })).toEqual({
    due: { at: '2026-02-03T00:00:00.000Z', zone: 'UTC' },
  });
});
