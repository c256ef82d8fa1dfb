import { expect, test } from 'vitest';
import { parseLinks } from './link-header.ts';

test.each([
  ['one link', '<https://x/users?offset=2>; rel="next"', { next: 'https://x/users?offset=2' }],
  [
    'next among others',
    '<https://x/?o=0>; rel="first", <https://x/?o=2&f=a,b;c>; rel=next, <https://x/?o=9>; rel="last"',
    { next: 'https://x/?o=2&f=a,b;c' },
  ],
  ['several relations of one link', '</users?page=2>; rel="last next"', { next: '/users?page=2' }],
  ['capitals', '<https://x/2>; REL="Next"', { next: 'https://x/2' }],
  [
    'no brackets, as GG4L sends it',
    'https://x/ims?limit=2&offset=2; rel="next", https://x/ims?offset=0; rel="first"',
    { next: 'https://x/ims?limit=2&offset=2' },
  ],
  ['links without a next', '<https://x/1>; rel="first", <https://x/9>; rel="last"', {}],
  ['an empty header', '', undefined],
  ['no header', undefined, undefined],
  ['nonsense', 'next page please', undefined],
  ['a link without end', '<https://x', undefined],
])('reads %s', (_, header, expected) => {
  expect(parseLinks(header)).toEqual(expected);
});
