import { expect, test } from 'vitest';
import { readWaitMs } from './retry-hints.ts';

const now = Date.UTC(2026, 0, 5, 12, 0, 0);

test.each([
  ['seconds', { 'retry-after': '120' }, 120_000],
  ['zero', { 'retry-after': '0' }, 0],
  ['a fraction of a second', { 'retry-after': '1.5' }, 1500],
  ['an HTTP date', { 'retry-after': 'Mon, 05 Jan 2026 12:00:30 GMT' }, 30_000],
  ['an RFC 850 date', { 'retry-after': 'Monday, 05-Jan-26 12:00:30 GMT' }, 30_000],
  ['an asctime date', { 'retry-after': 'Mon Jan  5 12:00:30 2026' }, 30_000],
  ['a date gone by', { 'retry-after': 'Mon, 05 Jan 2026 11:00:00 GMT' }, 0],
  [
    'a date by a clock that is an hour ahead',
    { date: 'Mon, 05 Jan 2026 13:00:00 GMT', 'retry-after': 'Mon, 05 Jan 2026 13:00:10 GMT' },
    10_000,
  ],
  ['a reset in epoch seconds', { 'x-ratelimit-reset': String(now / 1000 + 45) }, 45_000],
  ['a reset in epoch milliseconds', { 'x-ratelimit-reset': String(now + 45_000) }, 45_000],
  ['a reset in seconds from now', { 'x-ratelimit-reset': '45' }, 45_000],
  [
    'a reset by a clock that is behind',
    { date: 'Mon, 05 Jan 2026 11:00:00 GMT', 'x-ratelimit-reset': String(now / 1000 - 3600 + 5) },
    5000,
  ],
  ["the draft standard's reset", { 'ratelimit-reset': '7' }, 7000],
  ["Okta's reset", { 'x-rate-limit-reset': String(now / 1000 + 9) }, 9000],
  ['Retry-After before a reset', { 'retry-after': '3', 'x-ratelimit-reset': '99' }, 3000],
  ['a reset where Retry-After is nonsense', { 'retry-after': 'soon', 'x-ratelimit-reset': '4' }, 4000],
  ['nothing', {}, undefined],
  ['nonsense', { 'retry-after': '-5' }, undefined],
  ['an empty value', { 'retry-after': '' }, undefined],
  ['a number without end', { 'retry-after': '9'.repeat(40) }, undefined],
])('reads %s', (_, headers: Record<string, string>, expected) => {
  expect(readWaitMs(headers, now)).toBe(expected);
});
