import type { Clock } from '@flotilla/substrate/clock/clock';

const betweenMs = 50;

/** Resolves when the service says that it is ready; rejects with the signal's reason when it aborts first. */
export async function waitUntilReady(url: string, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!(await answersWell(`${url}/readyz`, signal))) await clock.sleep(betweenMs, signal);
}

/** Resolves when nothing answers there any more, or after `ms`. */
export async function waitUntilSilent(
  url: string,
  ms: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const until = clock.now() + ms;
  while (clock.now() < until && (await answersWell(`${url}/healthz`, signal)))
    await clock.sleep(betweenMs, signal);
}

async function answersWell(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, { signal });
    await response.body?.cancel();
    return response.ok;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
