import type { Clock } from '@flotilla/substrate/clock/clock';

const betweenMs = 50;
/** Who has not answered by then is asked again. */
const answerMs = 2_000;

/** Resolves when the service says that it is ready; rejects with the signal's reason when it aborts first. */
export async function waitUntilReady(url: string, clock: Clock, signal: AbortSignal): Promise<void> {
  while ((await ask(`${url}/readyz`, clock, signal)) !== 'well') await clock.sleep(betweenMs, signal);
}

/** Resolves when nothing answers there any more, or something that is no service of ours, or after `ms`. */
export async function waitUntilSilent(
  url: string,
  ms: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const until = clock.now() + ms;
  while (clock.now() < until) {
    const answer = await ask(`${url}/healthz`, clock, signal);
    if (answer === 'none' || answer === 'other') return;
    await clock.sleep(betweenMs, signal);
  }
}

/** What comes back: `late` is somebody who takes the question and is too busy to answer it in time. */
type Answer = 'well' | 'other' | 'late' | 'none';

async function ask(url: string, clock: Clock, signal: AbortSignal): Promise<Answer> {
  const late = new AbortController();
  const answered = new AbortController();
  clock.sleep(answerMs, answered.signal).then(
    () => late.abort(),
    () => {},
  );
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, late.signal]) });
    await response.body?.cancel();
    return response.ok ? 'well' : 'other';
  } catch {
    signal.throwIfAborted();
    return late.signal.aborted ? 'late' : 'none';
  } finally {
    answered.abort();
  }
}
