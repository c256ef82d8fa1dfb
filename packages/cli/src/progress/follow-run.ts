import type { Clock } from '@flotilla/substrate/clock/clock';
import { isFailure } from '@flotilla/substrate/failure';
import { RunProgressAnswer } from '../rpc/answers.ts';
import type { RpcClient } from '../rpc/rpc-client.ts';

export interface FollowOptions {
  readonly service: RpcClient;
  readonly customerId: string;
  readonly runId: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProgress: (run: RunProgressAnswer) => void;
}

const betweenMs = 200;
/** A service that crashed comes back within seconds, and the run goes on. */
const patienceMs = 60_000;

/** Asks how far the run has come until it has ended, or is held and waits for a person. Fails with `unavailable` when the service is away for a minute. */
export async function followRun(options: FollowOptions): Promise<RunProgressAnswer> {
  const { service, customerId, runId, clock, signal, onProgress } = options;
  for (;;) {
    const run = await askPatiently(
      () => service.call('runs.get.v1', { customerId, runId }, RunProgressAnswer),
      clock,
      signal,
    );
    onProgress(run);
    if (hasEnded(run.state)) return run;
    await clock.sleep(betweenMs, signal);
  }
}

/** Also of a held run: it goes on only when a person says so. */
export function hasEnded(state: string): boolean {
  return state !== 'queued' && state !== 'running';
}

/** Asks again while the service does not answer. */
export async function askPatiently<Answer>(
  ask: () => Promise<Answer>,
  clock: Clock,
  signal: AbortSignal,
): Promise<Answer> {
  const until = clock.now() + patienceMs;
  for (;;) {
    try {
      return await ask();
    } catch (thrown) {
      if (!isFailure(thrown, 'unavailable') || clock.now() > until) throw thrown;
      await clock.sleep(betweenMs, signal);
    }
  }
}
