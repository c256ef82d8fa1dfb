import type { Clock } from '@flotilla/substrate/clock/clock';

const betweenMs = 50;
/** Who has not answered by then is asked again, or is no service of ours. */
const answerMs = 2_000;

/** Resolves when the service says that it is ready; rejects with the signal's reason when it aborts first. */
export async function waitUntilReady(url: string, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!(await answersWell(`${url}/readyz`, clock, signal))) await clock.sleep(betweenMs, signal);
}

/** Resolves when nothing answers there any more, or after `ms`. */
export async function waitUntilSilent(
  url: string,
  ms: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const until = clock.now() + ms;
  while (clock.now() < until && (await answersWell(`${url}/healthz`, clock, signal)))
    await clock.sleep(betweenMs, signal);
}

async function answersWell(url: string, clock: Clock, signal: AbortSignal): Promise<boolean> {
  const late = new AbortController();
  const answered = new AbortController();
  clock.sleep(answerMs, answered.signal).then(
    () => late.abort(),
    () => {},
  );
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, late.signal]) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    signal.throwIfAborted();
    return false;
  } finally {
    answered.abort();
  }
}
