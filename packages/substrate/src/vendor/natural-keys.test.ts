import { describe, expect, test } from 'vitest';
import { Text } from './lenient.ts';
import { naturalKeys } from './natural-keys.ts';
import { always, at, recordShape } from './record-shape.ts';

const { idOf, keyOf, queryOf, referenceTo, shapeOf, IdOf, to } = naturalKeys(
  {
    students: 'number',
    staff: '=staff number',
    seats: 'student{number} room|hall seat?',
  },
  {
    read: (name, text) => (name === 'room' ? text.toLowerCase() : text),
    isNumber: (name) => name === 'seat',
  },
);

describe('natural keys', () => {
  test('name a record by its parts, wherever they stand', () => {
    expect(idOf('students', { number: 7 })).toBe('7');
    expect(idOf('staff', { number: ' 7 ' })).toBe('staff/7');
    expect(idOf('seats', { student: { number: 7 }, room: 'A1', seat: 3 })).toBe('7/a1/3');
    expect(idOf('seats', { number: 7, hall: 'Great', seat: 3 }, true)).toBe('7/Great/3');
    expect(idOf('seats', { student: { number: 7 }, room: 'A1' })).toBe('7/a1');
  });

  test('name none that lacks a part, or is no record', () => {
    expect(idOf('seats', { student: { number: 7 }, room: ' ' })).toBeUndefined();
    expect([null, 'x', [], {}, { number: {} }].map((record) => idOf('students', record))).toEqual(
      Array.from({ length: 5 }, () => undefined),
    );
    expect(idOf('students', { number: 'x'.repeat(256) })).toBeUndefined();
  });

  test('are had again from the id, slashes in them too', () => {
    const key = { number: 'a/b%', room: 'a1', seat: 3 };
    expect(keyOf('seats', idOf('seats', key, true) ?? '')).toEqual(key);
    expect(keyOf('staff', 'staff/7')).toEqual({ number: '7' });
    expect(keyOf('staff', '7')).toBeUndefined();
  });

  test('are asked for part by part', () => {
    expect(queryOf('seats', '7/a1/3')).toEqual({ number: '7', room: 'a1', seat: '3' });
    expect(queryOf('seats', '7')).toBeUndefined();
  });

  test('tell which of several resources a record is of', () => {
    const name = at('label', Text);
    const orgs = shapeOf('org', {
      seats: { name, type: always('school') },
      staff: { name, type: always('district') },
    });
    const typeOf = (record: object) =>
      orgs.read(orgs.wire.parse(record)).map((one) => 'value' in one && one.value.type);
    expect(typeOf({ label: 'A', student: { number: 7 }, room: 'A1' })).toEqual(['school']);
    expect(typeOf({ label: 'A', number: 7 })).toEqual(['district']);
    expect(orgs.wire.safeParse({ label: 'A' }).error?.issues[0]?.message).toContain('the key of seats');
  });

  test('too long for an id are digested, and then not known again', () => {
    const id = idOf('seats', { number: 'n'.repeat(200), room: 'r'.repeat(200) }, true) ?? '';
    expect(id).toMatch(/^~/);
    expect(id.length).toBeLessThan(256);
    expect(() => referenceTo('seats', id)).toThrow(expect.objectContaining({ code: 'push_rejected' }));
  });

  test('read in tables, as the record itself and as what it refers to', () => {
    const seats = recordShape({ id: at('', IdOf('seats', false)) })('org', {
      name: at('room', Text),
      type: at(
        'room',
        Text.transform(() => 'school' as const),
      ),
      parentSourcedId: to('student', 'students'),
    });
    expect(seats.wire.parse({ student: { number: 7 }, room: 'A1' })).toMatchObject({
      id: '7/a1',
      value: { parentSourcedId: '7' },
    });
    expect(seats.wire.safeParse({ student: {}, room: 'A1' }).error?.issues.map(({ path }) => path)).toEqual([
      [],
      ['student'],
    ]);
  });
});
