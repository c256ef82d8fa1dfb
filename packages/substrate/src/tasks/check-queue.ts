import { Failure } from '../failure/failure.ts';
import type { QueueSettings } from './task-queue.ts';

/**
 * Pure. Refuses with `config_invalid` what Cloud Tasks would refuse or quietly change: `queue.proto` says that rates end at 500 a second and
 * 5,000 at once and that backoffs lose what is below a second, `task.proto` that a dispatch deadline lies between 15 s and 30 min.
 */
export function requireSoundQueue({ name, rate, retry, dispatchDeadlineMs }: QueueSettings): void {
  const { maxDispatchesPerSecond, maxConcurrentDispatches } = rate;
  const durations = [retry.minBackoffMs, retry.maxBackoffMs, retry.maxRetryDurationMs ?? 0];
  refuseUnless(
    /^[A-Za-z0-9-]{1,100}$/.test(name),
    name,
    'a name of 1 to 100 letters, digits or hyphens',
    name,
  );
  refuseUnless(
    maxDispatchesPerSecond > 0 && maxDispatchesPerSecond <= 500,
    name,
    'at most 500 dispatches a second',
    maxDispatchesPerSecond,
  );
  refuseUnless(
    maxConcurrentDispatches >= 1 && maxConcurrentDispatches <= 5_000,
    name,
    '1 to 5000 dispatches at once',
    maxConcurrentDispatches,
  );
  refuseUnless(
    retry.maxAttempts === -1 || retry.maxAttempts >= 1,
    name,
    'one attempt or more, or -1',
    retry.maxAttempts,
  );
  refuseUnless(
    durations.every((ms) => ms % 1000 === 0) && retry.minBackoffMs <= retry.maxBackoffMs,
    name,
    'durations of whole seconds, the least back-off not above the greatest',
    durations,
  );
  refuseUnless(
    dispatchDeadlineMs >= 15_000 && dispatchDeadlineMs <= 1_800_000,
    name,
    'a dispatch deadline of 15 s to 30 min',
    dispatchDeadlineMs,
  );
}

function refuseUnless(holds: boolean, queue: string, rule: string, found: unknown): void {
  if (!holds)
    throw new Failure('config_invalid', 'Cloud Tasks has no such queue', { data: { queue, rule, found } });
}
