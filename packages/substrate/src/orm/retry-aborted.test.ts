import { expect, test } from 'vitest';
import { systemClock } from '../clock/clock.system.ts';
import { Failure } from '../failure/failure.ts';
import { retryAborted } from './retry-aborted.ts';

test('what was aborted is tried again until it succeeds, anything else is thrown on at once', async () => {
  let attempts = 0;
  const result = await retryAborted(systemClock, async () => {
    attempts += 1;
    if (attempts < 4) throw new Failure('aborted', 'again', attempts === 2 ? { retryAfterMs: 1 } : {});
    return attempts;
  });
  const failed = retryAborted(systemClock, async () => {
    attempts += 1;
    throw new Failure('not_found', 'no');
  });

  expect(result).toBe(4);
  await expect(failed).rejects.toMatchObject({ code: 'not_found' });
  expect(attempts).toBe(5);
});
