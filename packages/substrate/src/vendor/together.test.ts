import { expect, test } from 'vitest';
import { z } from 'zod';
import { Id, listOf, maybe, Secret, Text } from './lenient.ts';
import { listsAmong } from './lists-among.ts';
import { always, recordShape } from './record-shape.ts';
import { shapeWhere } from './shape-where.ts';
import { together } from './together.ts';

const Name = z.object({ first: Text, last: Text });
let parsed = 0;
const Names = z.array(Name).transform((names, context) => {
  parsed += 1;
  const [legal] = names;
  if (legal !== undefined) return { givenName: legal.first, familyName: legal.last };
  context.addIssue({ code: 'custom', message: 'a name is needed' });
  return z.NEVER;
});
const Phones = listOf(Text).transform((phones = []) => ({ phone: phones[0], sms: phones[1] }));
const { wire } = recordShape({ id: Id })('user', {
  ...together('person.names', Names, 'givenName', 'familyName'),
  ...together('phones', Phones, 'phone', 'sms'),
  enabledUser: always(true),
  roles: always([]),
});

test('members that one part of the record says together are read of it once, each record by itself', () => {
  const person = (first: string) => ({ names: [{ first, last: 'Ash' }] });
  const common = { status: 'active', enabledUser: true, roles: [] };
  expect(wire.parse({ id: 1, person: person('Ann'), phones: ['1', '2'] })).toEqual({
    id: '1',
    value: { ...common, givenName: 'Ann', familyName: 'Ash', phone: '1', sms: '2' },
  });
  expect(wire.parse({ id: 2, person: person('Bo') })).toEqual({
    id: '2',
    value: { ...common, givenName: 'Bo', familyName: 'Ash' },
  });
  expect(parsed).toBe(2);
});

test('what is wrong with such a part is said once, under its path', () => {
  const issues = (record: object) =>
    wire.safeParse(record).error?.issues.map(({ path, message }) => [path.join('.'), message]);
  expect(issues({ id: 1, person: { names: [] } })).toEqual([['person.names', 'a name is needed']]);
  expect(issues({ id: 1, person: { names: [{ first: 'Ann' }] } })).toEqual([
    ['person.names.0.last', expect.any(String)],
  ]);
  expect(issues({ id: 1 })).toHaveLength(1);
});

test('an entity of several lists reads each by the shape of its list, and asks for those that are offered', () => {
  const org = (type: 'district' | 'school') =>
    recordShape({ id: Id })('org', { name: Text, type: always(type) });
  const {
    lists,
    collection,
    read,
    wire: each,
  } = listsAmong(
    'org',
    { districts: org('district'), schools: org('school') },
    (list) => ({ path: `/${list}` }),
    (list, connection: { readonly offered: readonly string[] }) => connection.offered.includes(list),
  );
  expect(lists({ offered: ['schools'] })).toEqual(['schools']);
  const school = collection({ offered: [] }, 'schools');
  expect(school).toEqual({ path: '/schools', implied: { resource: 'schools' } });
  expect(read(each.parse({ id: 1, name: 'Elm', ...school.implied }))).toMatchObject([
    { value: { type: 'school' } },
  ]);
  expect(read(each.parse({ id: 2, name: 'Lane' }))).toMatchObject([{ value: { type: 'district' } }]);
});

test('of a list of others only records that say something are records, though it be wrong', () => {
  const { wire: each, idOf } = shapeWhere(
    recordShape({ id: Id })('demographics', { cityOfBirth: Text }),
    'city',
    'cityOfBirth',
  );
  expect(each.parse({ id: 1, cityOfBirth: 'Ames' })).toMatchObject({ id: '1' });
  expect([each.parse({ id: 1, cityOfBirth: ' ' }), idOf({ id: 1 })]).toEqual([undefined, undefined]);
  expect(each.safeParse({ id: 1, city: 'Ames' }).success).toBe(false);
  expect(idOf({ id: 1, city: 'Ames' })).toBe('1');
});

test('an empty object may say that there is none, and a secret has no blanks', () => {
  const Room = maybe(z.object({ number: Text }));
  expect([Room.parse({}), Room.parse(null), Room.parse({ number: 7 })]).toEqual([
    undefined,
    undefined,
    { number: '7' },
  ]);
  expect(Room.safeParse({ size: 7 }).success).toBe(false);
  expect(Secret.parse(' key-1 ')).toBe('key-1');
  expect(Secret.safeParse('key 1').success).toBe(false);
});
