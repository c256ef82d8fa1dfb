import { Failure } from '@flotilla/substrate/failure';
import { expect, test } from 'vitest';
import { newerVersion } from './newer-version.ts';

const refused = new Failure('stale_version', 'It was changed', { data: { expected: 3, found: 5 } });
const other = new Failure('unavailable', 'Control does not answer', { data: { found: 9 } });

test.each([
  ['nobody has changed it', { stored: 3, error: null, sending: undefined }, undefined],
  ['the page has read another', { stored: 4, error: null, sending: undefined }, 4],
  ['saving was refused before the page has read it', { stored: 3, error: refused, sending: undefined }, 5],
  ['it was changed again after saving was refused', { stored: 6, error: refused, sending: undefined }, 6],
  ['saving failed otherwise', { stored: 3, error: other, sending: undefined }, undefined],
  ['the page has read what it is saving itself', { stored: 4, error: null, sending: 3 }, undefined],
  ['it is saved over what stands', { stored: 4, error: null, sending: 4 }, 4],
])('where %s, the newer version than the third is %#', (_what, versions, newer) => {
  expect(newerVersion({ seen: 3, ...versions })).toBe(newer);
});
