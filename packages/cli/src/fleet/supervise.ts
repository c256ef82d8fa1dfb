import { Failure } from '@flotilla/substrate/failure';
import { type OwnProcess, type OwnProcessOptions, startOwnProcess } from './own-process.ts';
import { waitUntilReady } from './wait-until-ready.ts';

export interface SupervisedOptions extends OwnProcessOptions {
  readonly name: string;
  readonly url: string;
  readonly onEvent: (event: SupervisorEvent) => void;
}

export type SupervisorEvent =
  | { readonly kind: 'started'; readonly name: string; readonly pid: number }
  | { readonly kind: 'ready'; readonly name: string; readonly pid: number; readonly isRestart: boolean }
  | { readonly kind: 'crashed'; readonly name: string; readonly how: string; readonly waitMs: number };

/** A process that is started again whenever it ends by itself. */
export interface Supervised {
  /** Rejects with `unavailable` when the service never comes up. */
  readonly firstReady: Promise<void>;
  stop(): Promise<void>;
}

const backoff = { firstMs: 200, longestMs: 5_000 };
/** Whoever ran as long as this before it crashed begins again with the shortest wait. */
const soundMs = 10_000;
/** A service that was never ready is given up after this many starts; waiting longer would hide its message. */
const startsBeforeGivingUp = 3;
/** sysexits.h EX_CONFIG: what a service exits with when its settings are wrong. Trying again cannot help. */
const configExitCode = 78;
const readyWithinMs = 60_000;

/** Starts the process and keeps it running until `stop`. */
export function supervise(options: SupervisedOptions): Supervised {
  const { name, url, clock, onEvent } = options;
  const stopping = new AbortController();
  const first = Promise.withResolvers<void>();
  // It may fail before anybody waits for it.
  first.promise.catch(() => {});
  const lastLines: string[] = [];
  let current: OwnProcess | undefined;
  let hasBeenReady = false;

  async function keepRunning(): Promise<void> {
    let wait = backoff.firstMs;
    for (let starts = 1; !stopping.signal.aborted; starts++) {
      const startedAt = clock.now();
      current = startOwnProcess({ ...options, onErrorOutput: keepLine });
      onEvent({ kind: 'started', name, pid: current.pid });
      const readiness = watchReadiness(current, starts > 1);
      const end = await current.ended;
      readiness.abort();
      if (stopping.signal.aborted) return;
      if (end.code === configExitCode || (!hasBeenReady && starts >= startsBeforeGivingUp)) {
        return first.reject(
          new Failure('unavailable', 'A service does not start', {
            data: {
              service: name,
              ended: end.description,
              log: lastLines.join('\n'),
              advice: 'The log above says why; mend it and start again.',
            },
          }),
        );
      }
      if (clock.now() - startedAt > soundMs) wait = backoff.firstMs;
      onEvent({ kind: 'crashed', name, how: end.description, waitMs: wait });
      await clock.sleep(wait, stopping.signal).catch(() => {});
      wait = Math.min(wait * 2, backoff.longestMs);
    }
  }

  function watchReadiness(own: OwnProcess, isRestart: boolean): AbortController {
    const over = new AbortController();
    waitUntilReady(url, clock, over.signal).then(
      () => {
        hasBeenReady = true;
        first.resolve();
        onEvent({ kind: 'ready', name, pid: own.pid, isRestart });
      },
      () => {},
    );
    return over;
  }

  function keepLine(line: string): void {
    lastLines.push(line);
    if (lastLines.length > 20) lastLines.shift();
    options.onErrorOutput(line);
  }

  const running = keepRunning();
  clock.sleep(readyWithinMs, stopping.signal).then(
    () =>
      first.reject(
        new Failure('unavailable', 'A service does not become ready', {
          data: { service: name, url, waitedSeconds: readyWithinMs / 1000, log: lastLines.join('\n') },
        }),
      ),
    () => {},
  );
  return {
    firstReady: first.promise,
    async stop() {
      stopping.abort();
      await current?.stop();
      await running;
    },
  };
}
