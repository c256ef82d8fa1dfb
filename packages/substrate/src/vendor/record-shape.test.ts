import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { EntityValue } from '../model/entity-types.ts';
import { Id, listOf, Numeric, optional, Text, wordAs } from './lenient.ts';
import { at, recordShape, toWireMembers } from './record-shape.ts';

const shape = recordShape({
  id: at('key.number', Id),
  isDeleted: ({ gone }) => gone === true,
  dateLastModified: at('touched', optional(Text)),
});
const org = shape('org', {
  name: Text,
  type: at('kind', wordAs({ Campus: 'school', Trust: 'district' })),
  identifier: at('key.code', optional(Text)),
  parentSourcedId: at(
    'parents',
    listOf(Id).transform((parents) => parents?.[0]),
  ),
  // Of a member that another one is read of as well.
  phone: at(
    'name',
    Text.transform((name) => `tel:${name.length}`),
  ),
});
const record = { key: { number: 7, code: 'K7' }, name: 'Oak', kind: 'campus', parents: ['t'], more: true };

function read(value: unknown) {
  return org.read(org.wire.parse(value));
}

/** The members at fault. */
function faults(value: unknown): readonly string[] {
  return org.wire.safeParse(value).error?.issues.map(({ path }) => path.join('.')) ?? [];
}

describe('a table of members', () => {
  test('reads each from where it stands', () => {
    expect(read({ ...record, touched: '2026-01-05' })).toEqual([
      {
        id: '7',
        value: {
          status: 'active',
          dateLastModified: '2026-01-05',
          name: 'Oak',
          type: 'school',
          identifier: 'K7',
          parentSourcedId: 't',
          phone: 'tel:3',
        },
      },
    ]);
  });

  test('leaves out what is absent', () => {
    const [reading] = read({ key: { number: 7 }, name: 'Oak', kind: 'campus' });
    expect(Object.keys((reading as { value: object }).value)).toEqual(['status', 'name', 'type', 'phone']);
  });

  test('names every member that does not read, where it stands at the vendor', () => {
    expect(faults({ key: { code: {} }, kind: 'house' })).toEqual([
      'key.number',
      'name',
      'kind',
      'key.code',
      'name',
    ]);
    expect(faults([])).not.toEqual([]);
    expect(faults(null)).not.toEqual([]);
  });

  test('knows the id of a record that does not read, and of nothing else', () => {
    expect(org.idOf({ key: { number: ' 7 ' }, name: 7 })).toBe('7');
    expect([{}, null, 'x', [], { key: 7 }, { key: { number: true } }].map(org.idOf)).toEqual(
      Array.from({ length: 6 }, () => undefined),
    );
  });

  test('wants nothing but the id of a record that is deleted', () => {
    expect(read({ key: { number: 7 }, gone: true })).toEqual([{ id: '7', deleted: true }]);
    expect(faults({ gone: true })).toContain('key.number');
  });

  test('takes no member from the prototype of every object', () => {
    const odd = recordShape({ id: at('constructor.name', Text) })('org', { name: Text, type: Text as never });
    expect(odd.idOf({ name: 'Oak' })).toBeUndefined();
  });

  test('reads a member of the record as a whole', () => {
    const Score = z.object({ points: optional(Numeric), of: Numeric }).transform(({ points }) => points);
    const results = recordShape({ id: Id })('assessmentResult', {
      assessmentSourcedId: Text,
      studentSourcedId: Text,
      scoreStatus: at(
        '',
        z.unknown().transform(() => 'fully graded' as const),
      ),
      scoreDate: Text,
      score: at('', Score),
    });
    const sound = {
      id: 1,
      assessmentSourcedId: 'a',
      studentSourcedId: 's',
      scoreDate: '2026-01-05',
      points: '9',
    };
    expect(results.wire.parse({ ...sound, of: 10 })).toMatchObject({ id: '1', value: { score: 9 } });
    expect(results.wire.safeParse(sound).error?.issues).toMatchObject([{ path: ['of'] }]);
  });
});

describe('a table of members, written', () => {
  const members = {
    name: Text,
    type: at('kind', wordAs({ Campus: 'school' }), (type) => `${type}!`),
    identifier: at('key.code', optional(Text)),
    phone: at('calls', optional(Text), (phone, { prefix }: { prefix: string }) => prefix + phone),
  };
  const value: EntityValue<'org'> = { name: 'Oak', type: 'school', status: 'active', metadata: { a: 1 } };

  test('says each member under its name at the vendor, as it is written there, and which are not to be there', () => {
    expect(toWireMembers(members, value, ['name', 'type', 'phone', 'metadata'], {})).toEqual({
      name: 'Oak',
      kind: 'school!',
      calls: undefined,
      metadata: { a: 1 },
    });
    const called: EntityValue<'org'> = { ...value, phone: '7' };
    expect(toWireMembers(members, called, ['phone'], { prefix: '+' })).toEqual({ calls: '+7' });
  });

  test('does not write one that stands within another, of which the rest would be lost', () => {
    const named: EntityValue<'org'> = { ...value, identifier: 'K7' };
    expect(() => toWireMembers(members, named, ['identifier'], {})).toThrow(
      expect.objectContaining({ code: 'config_invalid' }),
    );
  });
});
