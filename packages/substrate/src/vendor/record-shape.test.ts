import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { EntityValue } from '../model/entity-types.ts';
import { Id, listOf, Numeric, optional, Text, wordAs } from './lenient.ts';
import { always, at, recordShape, shapeAmong, toWireMembers } from './record-shape.ts';

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
      scoreStatus: always('fully graded'),
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

describe('a member that stands in one of several places', () => {
  const course = recordShape({ id: Id })('course', {
    title: at('name|texts.short', Text),
    courseCode: at('code|texts.code', optional(Text)),
  });

  function valueOf(record: object) {
    const [reading] = course.read(course.wire.parse({ id: 1, ...record }));
    return (reading as { value: object }).value;
  }

  test('is read where something is, first in the first', () => {
    expect(valueOf({ name: 'Art', texts: { short: 'A', code: 'A1' } })).toEqual({
      status: 'active',
      title: 'Art',
      courseCode: 'A1',
    });
    expect(valueOf({ name: ' ', code: null, texts: { short: 'A' } })).toEqual({
      status: 'active',
      title: 'A',
    });
  });

  test('is missing where nothing is in any of them, and at fault where it is', () => {
    const faultsOf = (record: object) =>
      course.wire.safeParse({ id: 1, ...record }).error?.issues.map(({ path }) => path.join('.'));
    expect(faultsOf({ name: '', texts: { short: null } })).toEqual(['name']);
    expect(faultsOf({ texts: { short: {} } })).toEqual(['texts.short']);
  });
});

describe('an entity whose records are of several kinds', () => {
  const people = recordShape({
    id: at(
      '',
      z.object({ kind: Text, no: Id }).transform(({ kind, no }) => `${kind}/${no}`),
    ),
  });
  const pupils = people('user', {
    enabledUser: always(true),
    givenName: at('first', Text),
    familyName: at('last', Text),
    roles: always([{ roleType: 'primary' as const, role: 'student' as const }]),
    status: at(
      'left',
      optional(Text).transform((day) => (day === undefined ? 'active' : 'inactive')),
    ),
  });
  const staff = people('user', {
    enabledUser: always(true),
    givenName: always(''),
    familyName: at('name', Text),
    roles: always([{ roleType: 'primary' as const, role: 'teacher' as const }]),
  });
  const users = shapeAmong('user', (record) => {
    const { kind } = record as { kind?: string };
    return kind === 'pupil' ? pupils : kind === 'staff' ? staff : undefined;
  });

  function readUser(record: object) {
    return users.read(users.wire.parse(record));
  }

  test('reads each by the table of its kind, which may say otherwise what all have', () => {
    expect(readUser({ kind: 'pupil', no: 1, first: 'A', last: 'B', left: '2026-01-05' })).toMatchObject([
      {
        id: 'pupil/1',
        value: { status: 'inactive', enabledUser: true, givenName: 'A', roles: [{ role: 'student' }] },
      },
    ]);
    expect(readUser({ kind: 'staff', no: 1, name: 'C' })).toMatchObject([
      { id: 'staff/1', value: { status: 'active', familyName: 'C', roles: [{ role: 'teacher' }] } },
    ]);
  });

  test('names what does not read of a kind, and knows the id', () => {
    expect(users.wire.safeParse({ kind: 'pupil', no: 1, first: 'A' }).error?.issues).toMatchObject([
      { path: ['last'] },
    ]);
    expect(users.idOf({ kind: 'staff', no: 7 })).toBe('staff/7');
  });

  test('reads nothing of a record that is of no kind', () => {
    expect(readUser({ kind: 'room', no: 1 })).toEqual([]);
    expect(users.idOf({ kind: 'room', no: 1 })).toBeUndefined();
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

  test('writes one that stands within another, and leaves the rest of that as the vendor has it', () => {
    const named: EntityValue<'org'> = { ...value, identifier: 'K7' };
    const latest = { name: 'Oak', key: { number: 7, code: 'K6' } };
    expect(toWireMembers(members, named, ['identifier'], {}, latest)).toEqual({
      key: { number: 7, code: 'K7' },
    });
    expect(toWireMembers(members, value, ['identifier'], {}, latest)).toEqual({ key: { number: 7 } });
    expect(latest.key).toEqual({ number: 7, code: 'K6' });
    // Where there is nothing that could be kept.
    expect(toWireMembers(members, named, ['identifier'], {})).toEqual({ key: { code: 'K7' } });
    expect(toWireMembers(members, named, ['identifier'], {}, { key: null })).toEqual({ key: { code: 'K7' } });
    expect(toWireMembers(members, value, ['identifier'], {}, { key: { code: 'K6' } })).toEqual({
      key: undefined,
    });
  });

  test('writes several that stand within one, at any depth', () => {
    const deep = {
      name: at('a.b.name', Text),
      identifier: at('a.b.code', optional(Text)),
      phone: at('a.tel', optional(Text)),
    };
    const called: EntityValue<'org'> = { ...value, phone: '7' };
    const latest = { a: { b: { name: 'Old', code: 'K6', more: 1 }, more: 2 } };
    expect(toWireMembers(deep, called, ['name', 'identifier', 'phone'], {}, latest)).toEqual({
      a: { b: { name: 'Oak', more: 1 }, tel: '7', more: 2 },
    });
  });

  test('writes one of several places where the vendor keeps it, and empties all of them', () => {
    const either = { identifier: at('code|key.code', optional(Text)) };
    const named: EntityValue<'org'> = { ...value, identifier: 'K7' };
    const latest = { key: { number: 7, code: 'K6' } };
    expect(toWireMembers(either, named, ['identifier'], {}, latest)).toEqual({
      key: { number: 7, code: 'K7' },
    });
    expect(toWireMembers(either, named, ['identifier'], {})).toEqual({ code: 'K7' });
    expect(toWireMembers(either, value, ['identifier'], {}, latest)).toEqual({
      code: undefined,
      key: { number: 7 },
    });
  });

  test('writes one of the record as a whole by the members that it is said by', () => {
    const called: EntityValue<'org'> = { ...value, phone: '4977' };
    const said = {
      phone: at(
        '',
        z
          .object({ country: Text, local: Text })
          .transform(({ country, local }) => country + local)
          .optional(),
        (phone) => ({ country: phone?.slice(0, 2), local: phone?.slice(2) }),
      ),
    };
    expect(toWireMembers(said, called, ['phone'], {})).toEqual({
      country: '49',
      local: '77',
    });
    expect(toWireMembers(said, value, ['phone'], {})).toEqual({ country: undefined, local: undefined });
  });

  test('does not write what stands nowhere by itself', () => {
    for (const nowhere of [at('', Text), always('Oak')])
      expect(() => toWireMembers({ name: nowhere }, value, ['name'], {})).toThrow(
        expect.objectContaining({ code: 'config_invalid' }),
      );
  });
});
