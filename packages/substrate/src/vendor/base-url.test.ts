import { expect, test } from 'vitest';
import { baseUrlAbove } from './base-url.ts';

const BaseUrl = baseUrlAbove('data', 'oauth/token');

test.each([
  ['https://host.example', 'https://host.example'],
  ['https://host.example/tenant/2026//', 'https://host.example/tenant/2026'],
  ['https://host.example/tenant/data/v3/schools?limit=1', 'https://host.example/tenant'],
  ['https://host.example:8443/oauth/token/', 'https://host.example:8443'],
  ['https://data.example/api/data', 'https://data.example/api'],
  ['https://host.example/database', 'https://host.example/database'],
  ['https://host.example/oauth', 'https://host.example/oauth'],
])('of %s the base URL is %s', (pasted, base) => {
  expect(BaseUrl.parse(pasted)).toBe(base);
});

test('what is no URL is none', () => {
  expect(BaseUrl.safeParse('host.example').success).toBe(false);
});
