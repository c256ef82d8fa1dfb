import { expect, test } from 'vitest';
import { isFailure } from '../../failure/failure.ts';
import { retryDelayMs } from './retry-delay.ts';
import { spannerErrorToFailure } from './spanner-failure.ts';

const trailer = (...bytes: readonly number[]) => ({
  get: (name: string) => (name === 'google.rpc.retryinfo-bin' ? [Uint8Array.from(bytes)] : []),
});

test.each([
  ['3 s', trailer(0x0a, 2, 0x08, 3), 3_000],
  ['1.5 ms', trailer(0x0a, 5, 0x10, 0xe0, 0xc6, 0x5b, 0), 1.5],
  ['2 s and 10 ms', trailer(0x0a, 7, 0x08, 2, 0x10, 0x80, 0xad, 0xe2, 0x04), 2_010],
  ['nothing', trailer(), undefined],
  ['no trailer', { get: () => [] }, undefined],
  ['no metadata', undefined, undefined],
])('Spanner asks to wait %s', (_, metadata, ms) => {
  expect(retryDelayMs(metadata)).toBe(ms);
});

test('an abort carries the delay that Spanner asks for', () => {
  const failure = spannerErrorToFailure(
    Object.assign(new Error('aborted'), { code: 10, metadata: trailer(0x0a, 2, 0x08, 1) }),
  );

  expect(isFailure(failure, 'aborted')).toBe(true);
  expect(failure.retryAfterMs).toBe(1_000);
});

test.each([
  [5, 'Session not found: projects/p', 'aborted'],
  [5, 'Table not found: t', 'internal'],
  [5, 'Parent row for row [d,s] in table events is missing. Row cannot be written.', 'not_found'],
  [5, 'Row [d] in table schools is missing. Row cannot be updated.', 'not_found'],
  [6, 'UNIQUE violation on index', 'already_exists'],
  [7, 'denied', 'config_invalid'],
  [9, 'Integrity constraint violation during DELETE/REPLACE. Found child row', 'invalid_params'],
  [14, 'unavailable', 'unavailable'],
  [13, 'Received unexpected EOS on DATA frame from server', 'unavailable'],
  [2, 'Getting metadata from plugin failed with error: socket hang up', 'unavailable'],
  [3, 'Syntax error', 'internal'],
])('gRPC status %i "%s" is %s', (code, message, expected) => {
  const failure = spannerErrorToFailure(Object.assign(new Error(message), { code }));

  expect(failure.code).toBe(expected);
  expect(JSON.stringify(failure.data)).not.toContain(message);
});
