import { describe, expect, test } from 'vitest';
import { buildUrl, encodeQuery, parseBaseUrl, resolveSameOrigin } from './request-url.ts';

const base = parseBaseUrl('https://SIS.example.com:443/prefix/');

describe('parseBaseUrl', () => {
  test.each([
    '',
    'sis.example.com',
    '/users',
    'ftp://x',
    'https://user:pw@x/',
    'https://x/?a=1',
    'https://x/#a',
  ])('refuses %j', (text) => {
    expect(() => parseBaseUrl(text)).toThrow(expect.objectContaining({ code: 'invalid_params' }));
  });
});

describe('buildUrl', () => {
  test.each([
    ['/users', {}, 'https://sis.example.com/prefix/users'],
    ['/users/a%2Fb', {}, 'https://sis.example.com/prefix/users/a%2Fb'],
    ['/users?a=1', { b: 2 }, 'https://sis.example.com/prefix/users?a=1&b=2'],
    [
      '/users',
      { a: undefined, b: ['x', 'y'], c: true },
      'https://sis.example.com/prefix/users?b=x&b=y&c=true',
    ],
    ['https://sis.example.com/other?a=1#f', { b: 2 }, 'https://sis.example.com/other?a=1&b=2'],
  ])('%s with %j is %s', (path, query, expected) => {
    expect(buildUrl(base, path, query).href).toBe(expected);
  });

  test.each(['users', '', '/users/..', '/users/../../admin', '/users/%2e%2E/x', '/a\\..\\b'])(
    'refuses the path %j',
    (path) => {
      expect(() => buildUrl(base, path)).toThrow(expect.objectContaining({ code: 'invalid_params' }));
    },
  );

  test.each([
    'https://evil.example.com/x',
    '//evil.example.com/x',
    'http://sis.example.com/x',
    'https://sis.example.com:444/x',
    'https://me@sis.example.com/x',
  ])('does not go to %s', (path) => {
    expect(() => buildUrl(base, path)).toThrow(
      expect.objectContaining({
        code: 'vendor_answer_invalid',
        data: expect.objectContaining({ problem: 'link_off_origin' }),
      }),
    );
  });
});

describe('a vendor that is served from several origins', () => {
  const others = ['https://people.example.com', 'https://files.example.com:8443'];

  test.each([
    ['https://people.example.com/v1/users', 'https://people.example.com/v1/users?a=1'],
    ['https://files.example.com:8443/x?b=2', 'https://files.example.com:8443/x?b=2&a=1'],
    ['/users', 'https://sis.example.com/prefix/users?a=1'],
  ])('is asked at %s', (path, expected) => {
    expect(buildUrl(base, path, { a: 1 }, others).href).toBe(expected);
  });

  test.each([
    'https://people.example.com.evil.example/x',
    'https://people.example.com@evil.example/x',
    'https://files.example.com/x',
    'http://people.example.com/x',
    '//people.example.com/x',
    'https://people.example.com/../x',
  ])('is not asked at %s', (path) => {
    expect(() => buildUrl(base, path, {}, others)).toThrow();
  });
});

test('a query is written as RFC 3986 has it, with what OAuth 1 reserves', () => {
  expect(encodeQuery({ filter: "a>='x y+z' AND b='(1)*!'" })).toBe(
    'filter=a%3E%3D%27x%20y%2Bz%27%20AND%20b%3D%27%281%29%2A%21%27',
  );
});

test.each([
  ['?offset=2', 'https://sis.example.com/prefix/users?offset=2'],
  ['/x', 'https://sis.example.com/x'],
  ['https://sis.example.com:443/x', 'https://sis.example.com/x'],
  ['HTTPS://SIS.EXAMPLE.COM/x', 'https://sis.example.com/x'],
])('the link %s stays on the origin', (link, expected) => {
  expect(resolveSameOrigin(base, new URL('https://sis.example.com/prefix/users'), link).href).toBe(expected);
});
