import { expect, test } from 'vitest';
import { Id, mayHave, Text } from './lenient.ts';
import { metadataOf, unlessUsual } from './metadata.ts';
import { recordShape } from './record-shape.ts';

const shape = recordShape({
  id: Id,
  metadata: metadataOf({ ...mayHave(Text, 'room', 'owner'), state: unlessUsual('ACTIVE', 'OPEN') }),
})('category', { title: Text });

test.each([
  [{}, undefined],
  [{ room: ' ', owner: null, state: 'OPEN' }, undefined],
  [{ room: 'A1', state: 'ACTIVE', other: 1 }, { room: 'A1' }],
  [{ state: 'ARCHIVED' }, { state: 'ARCHIVED' }],
])('of %j the metadata is %j', (record, metadata) => {
  expect(shape.wire.parse({ id: '1', title: 'Essay', ...record })).toEqual({
    id: '1',
    value: { status: 'active', title: 'Essay', ...(metadata === undefined ? {} : { metadata }) },
  });
});
