import { constants } from 'node:os';
import type { Clock } from '../clock/clock.ts';
import { Failure } from '../failure/failure.ts';
import type { Log } from '../observability/log.ts';

/**
 * The end of a process, in three stages: whoever takes work in stops taking it and `signal` aborts, so that slices checkpoint; what is
 * under way has `graceMs` to end; then the closers run in the order in which they were added (flush first, disconnect last).
 */
export interface Shutdown {
  /** Aborts when the end begins; its reason is an `unavailable` Failure, which a handler may just throw: the task comes again. */
  readonly signal: AbortSignal;
  /** Something that takes work in. `drain` stops it at once and resolves when what it had taken in is done. */
  addIntake(name: string, drain: () => Promise<void>): void;
  addCloser(name: string, close: () => Promise<void>): void;
  /** Begins the end, once; later calls get the same promise. Never rejects. Resolves to the process's exit code. */
  begin(reason: string): Promise<number>;
}

export interface ShutdownOptions {
  readonly log: Log;
  readonly clock: Clock;
  /** Cloud Run kills ten seconds after SIGTERM: 8,000 leaves the closers their time. */
  readonly graceMs?: number;
  /** For all closers together; 1,500 if left out. */
  readonly closeMs?: number;
}

/** Exit code 0: ended as it should, work that outlasted its grace included (its task comes again). 1: a closer failed or hung. */
export function createShutdown(options: ShutdownOptions): Shutdown {
  const { log, clock, graceMs = 8_000, closeMs = 1_500 } = options;
  const controller = new AbortController();
  const intakes: Part[] = [];
  const closers: Part[] = [];
  let ending: Promise<number> | undefined;

  async function end(reason: string): Promise<number> {
    log.info('Shutting down', { reason });
    const drains = intakes.map((intake) => settle(intake, log));
    controller.abort(
      new Failure('unavailable', 'The service is shutting down', { data: { reason }, retryAfterMs: 1_000 }),
    );
    if (!(await within(clock, graceMs, Promise.all(drains)))) {
      log.warn('Work outlasted its grace and is cut', { graceMs });
    }
    let hasFailed = false;
    const closing = (async () => {
      for (const closer of closers) hasFailed = !(await settle(closer, log)) || hasFailed;
    })();
    if (!(await within(clock, closeMs, closing))) {
      log.error('A closer hung and is cut', { closeMs });
      return 1;
    }
    log.info('Shut down');
    return hasFailed ? 1 : 0;
  }

  return {
    signal: controller.signal,
    addIntake: (name, act) => void intakes.push({ name, act }),
    addCloser: (name, act) => void closers.push({ name, act }),
    begin(reason) {
      ending ??= end(reason);
      return ending;
    },
  };
}

interface Part {
  readonly name: string;
  readonly act: () => Promise<void>;
}

async function settle({ name, act }: Part, log: Log): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    log.error('A part failed to shut down', { part: name, error });
    return false;
  }
}

async function within(clock: Clock, ms: number, work: Promise<unknown>): Promise<boolean> {
  const over = new AbortController();
  const timeOut = clock.sleep(ms, over.signal).then(
    () => false,
    () => true,
  );
  const done = work.then(() => true);
  const isDone = await Promise.race([done, timeOut]);
  over.abort();
  return isDone;
}

/**
 * One Ctrl-C reaches a process more than once: from the terminal, and from each parent that passes it on. Only what comes later than
 * this is a person who insists.
 */
const echoMs = 500;

/**
 * Ends the process gracefully at SIGTERM or SIGINT, at once at a second one. It exits by itself, because a library may have installed
 * a handler that does nothing and thereby switched Node's default off (importing `@google-cloud/spanner` does). An error that nobody
 * caught is logged, redacted, and ends the process at once with 1: what it left behind is unknown.
 */
export function exitOnSignals(
  shutdown: Shutdown,
  { log, clock }: Pick<ShutdownOptions, 'log' | 'clock'>,
): void {
  let begunAt: number | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (begunAt === undefined) {
        begunAt = clock.now();
        void shutdown.begin(signal).then((code) => process.exit(code));
      } else if (clock.now() - begunAt >= echoMs) {
        log.warn('A second signal: exiting at once', { signal });
        process.exit(128 + constants.signals[signal]);
      }
    });
  }
  process.on('uncaughtException', (error) => {
    log.error('Nobody caught an error: exiting at once', { error });
    process.exit(1);
  });
}
