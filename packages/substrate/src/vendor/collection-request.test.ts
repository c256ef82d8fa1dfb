import { describe, expect, test } from 'vitest';
import { recordIn, recordsIn } from './collection-request.ts';

describe('the records of an answer', () => {
  test('are taken out of what each of them is wrapped in', () => {
    const json = { data: [{ data: { id: 'a' }, uri: '/users/a' }, { data: { id: 'b' } }], links: [] };

    expect(recordsIn(json, { member: 'data', recordMember: 'data' })).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect(recordsIn(json.data, { recordMember: 'data' })).toEqual([{ id: 'a' }, { id: 'b' }]);
  });

  test('that are not wrapped as promised stay what they are, each for its own schema to judge', () => {
    const strange = [{ uri: '/users/a' }, null, 7, { data: null }];

    expect(recordsIn({ data: strange }, { member: 'data', recordMember: 'data' })).toEqual([
      { uri: '/users/a' },
      null,
      7,
      null,
    ]);
  });

  test('stay as they came where nothing is said of a wrapping', () => {
    const records = [{ data: { id: 'a' } }];
    expect(recordsIn({ data: records }, { member: 'data' })).toEqual(records);
  });

  test('are none where the vendor leaves out empty lists, and else the list is missing', () => {
    expect(recordsIn({}, { member: 'users', isLeftOutWhenEmpty: true })).toEqual([]);
    expect(() => recordsIn({}, { member: 'users' })).toThrow(
      expect.objectContaining({ code: 'verification_failed' }),
    );
  });

  test('have the members that their path says, as long as they do not say them themselves', () => {
    const json = { data: [{ id: 'a' }, { id: 'b', class: 'own' }, 7] };
    const where = { member: 'data', implied: { class: 'c-1' } };

    expect(recordsIn(json, where)).toEqual([{ class: 'c-1', id: 'a' }, { id: 'b', class: 'own' }, 7]);
    expect(recordIn(json, where)).toEqual({ class: 'c-1', id: 'a' });
  });

  test('a single one stands in its member without a wrapping of its own', () => {
    expect(recordIn({ data: { id: 'a' } }, { member: 'data' })).toEqual({ id: 'a' });
  });
});
