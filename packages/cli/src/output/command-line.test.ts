import { expect, test } from 'vitest';
import { command } from './command-line.ts';

test.each([
  [['runs', 'springfield'], 'npm run --silent flotilla -- runs springfield'],
  [
    ['connect', 'a', '--base-url', 'http://127.0.0.1:1/x'],
    'npm run --silent flotilla -- connect a --base-url http://127.0.0.1:1/x',
  ],
  [['query', "SELECT 'a b'"], `npm run --silent flotilla -- query 'SELECT '\\''a b'\\'''`],
])('%j is typed so that a shell gives it back', (words, typed) => {
  expect(command(...words)).toBe(typed);
});
