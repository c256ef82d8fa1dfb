import { expect, test } from 'vitest';
import { isListPath, wholePath } from './wire-tap.ts';

const base = 'https://vendor.example/v2';

test('one list is told from another whose path ends as its own does', () => {
  const members = wholePath({ path: '/members' }, base);
  const below = wholePath({ path: '/groups/*/members' }, base);

  expect(isListPath('/v2/members', members)).toBe(true);
  expect(isListPath('/v2/groups/x/members', members)).toBe(false);
  expect(isListPath('/v2/groups/x/members', below)).toBe(true);
  expect(isListPath('/v2/members', below)).toBe(false);
});

test.each([
  ['/users', 'https://vendor.example', '/users'],
  ['/users?active=true', 'https://vendor.example/api/v1/', '/api/v1/users'],
  ['/users/*/roles', base, '/v2/users/*/roles'],
  ['https://vendor.example/v3/users', base, '/v3/users'],
  ['https://directory.example/v1/users', base, '/v1/users'],
])('the list %s below %s is asked for at %s', (path, baseUrl, expected) => {
  expect(wholePath({ path }, baseUrl).path).toBe(expected);
});
