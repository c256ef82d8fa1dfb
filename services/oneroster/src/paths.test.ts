import { describe, expect, test } from 'vitest';
import { Connection, gradebook, rostering } from './paths.ts';
import { oneroster } from './vendor.ts';

describe('the connection', () => {
  test.each([
    ['https://sis.example', 'https://sis.example', '1.2'],
    ['https://sis.example/', 'https://sis.example', '1.2'],
    ['https://sis.example/district-9/', 'https://sis.example/district-9', '1.2'],
    ['https://sis.example/ims/oneroster/v1p1', 'https://sis.example', '1.1'],
    ['https://sis.example/d9/ims/oneroster/v1p1/', 'https://sis.example/d9', '1.1'],
    ['https://sis.example/d9/ims/oneroster/v1p1/users', 'https://sis.example/d9', '1.1'],
    ['https://sis.example/ims/oneroster/rostering/v1p2', 'https://sis.example', '1.2'],
  ])('takes %s, as a provider shows it', (entered, baseUrl, version) => {
    expect(Connection.parse({ baseUrl: entered })).toEqual({ baseUrl, version });
  });

  test('believes the version that was entered before that of the URL', () => {
    const entered = { baseUrl: 'https://sis.example/ims/oneroster/v1p1', version: '1.2' };
    expect(Connection.parse(entered)).toEqual({ baseUrl: 'https://sis.example', version: '1.2' });
  });

  test.each([
    [{ baseUrl: 'sis.example' }, 'baseUrl'],
    [{ baseUrl: 'https://sis.example', version: '2.0' }, 'version'],
    [{ baseUrl: 'https://sis.example', tokenUrl: 'token' }, 'tokenUrl'],
    [{ baseUrl: 'https://sis.example', gradebook: 'both' }, 'gradebook'],
    [{}, 'baseUrl'],
  ])('refuses %j, naming the member', (entered, member) => {
    expect(Connection.safeParse(entered).error?.issues[0]?.path).toEqual([member]);
  });

  test('refuses a setting that does not exist: it would be believed to work', () => {
    expect(Connection.safeParse({ baseUrl: 'https://sis.example', tokenURL: 'x' }).success).toBe(false);
  });
});

test('1.1 has all collections under one root, 1.2 a root per service', () => {
  const paths = (version: '1.1' | '1.2') =>
    [rostering('users'), gradebook('lineItems')].map((of) => of({ baseUrl: 'https://x.example', version }));
  expect(paths('1.1')).toEqual([
    { path: '/ims/oneroster/v1p1/users', member: 'users' },
    { path: '/ims/oneroster/v1p1/lineItems', member: 'lineItems' },
  ]);
  expect(paths('1.2')).toEqual([
    { path: '/ims/oneroster/rostering/v1p2/users', member: 'users' },
    { path: '/ims/oneroster/gradebook/v1p2/lineItems', member: 'lineItems' },
  ]);
});

test('one record is below its list, under an id that is encoded, in the envelope of a single object', () => {
  const connection = Connection.parse({ baseUrl: 'https://x.example' });
  const members = oneroster.entities.map(({ entityType, collection, one }) => {
    const single = one?.('a/b c', connection);
    expect(single?.path).toBe(`${collection(connection, '').path}/a%2Fb%20c`);
    return [entityType, single?.member];
  });
  // The canonical entity types are OneRoster's own words.
  expect(members).toEqual(oneroster.entities.map(({ entityType }) => [entityType, entityType]));
});
