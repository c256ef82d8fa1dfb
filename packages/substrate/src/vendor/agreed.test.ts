import { expect, test } from 'vitest';
import { agreed } from './agreed.ts';

test('what several say alike is known, and what one alone says', () => {
  const said: readonly { email?: string; phone?: string }[] = [
    { email: 'a' },
    { email: 'a', phone: '7' },
    {},
  ];
  expect(agreed(said)).toEqual({ email: 'a', phone: '7' });
});

test('what they say otherwise is not known', () => {
  expect(
    agreed([
      { email: 'a', phone: '7' },
      { email: 'b', phone: '7' },
    ]),
  ).toEqual({ phone: '7' });
  expect(agreed([])).toEqual({});
});
