import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import { type Failure, toFailure } from '../failure/failure.ts';
import type { ClaimedDelivery, DeliveryTable, LanePolicy } from './delivery-table.local.ts';
import { createHttpPusher, type HttpPush } from './http-push.ts';
import type { PushAnswer } from './next-step.ts';

export interface Lane extends LanePolicy {
  readonly deadlineMs: number;
  /** The request to make for a delivery, but for its token and deadline. */
  toPush(delivery: ClaimedDelivery): Omit<HttpPush, 'deadlineMs'>;
}

export interface DispatcherOptions {
  readonly table: DeliveryTable;
  readonly lanes: readonly Lane[];
  readonly clock: Clock;
  /** The bearer token for a URL. */
  readonly tokenFor: (url: string) => string | Promise<string>;
  /** How often to look for what other processes added. */
  readonly pollMs: number;
  /** How often leases are prolonged; a few times a lease. */
  readonly beatMs: number;
  /** How long `stop` lets requests under way finish. */
  readonly graceMs: number;
  /** Told what goes wrong in the dispatcher itself; it goes on. */
  readonly onFault: (fault: Failure) => void;
}

export interface Dispatcher {
  /** Looks now instead of at the next poll. */
  wake(): void;
  /** Takes nothing new, waits for what is under way up to the grace period, then breaks it off and gives it back, due at once. */
  stop(): Promise<void>;
}

interface Running {
  readonly settled: Promise<void>;
}

/** Sends the deliveries of some lanes until stopped. */
export function startDispatcher(options: DispatcherOptions): Dispatcher {
  const { table, lanes, clock, tokenFor, pollMs, beatMs, graceMs, onFault } = options;
  const owner = randomUUID();
  const pusher = createHttpPusher(clock);
  const running = new Map<ClaimedDelivery, Running>();
  const abandon = new AbortController();
  let isDraining = false;
  let isStopped = false;
  let lastBeatAt = clock.now();
  let lastSweepAt = 0;
  let wakeUp: AbortController | null = null;

  async function run(): Promise<void> {
    while (!isStopped) {
      try {
        // Before taking anything: a process that was held up must not take over its own deliveries from itself.
        beatWhenDue();
        if (!isDraining) for (const lane of lanes) takeDue(lane);
      } catch (error) {
        onFault(toFailure(error));
      }
      await pause();
    }
  }

  function beatWhenDue(): void {
    const at = clock.now();
    if (running.size > 0 && at - lastBeatAt >= beatMs) table.beat(running.keys());
    if (running.size === 0 || at - lastBeatAt >= beatMs) lastBeatAt = at;
    if (at - lastSweepAt >= 60_000) {
      lastSweepAt = at;
      for (const { lane } of lanes) table.sweep(lane);
    }
  }

  function takeDue(lane: Lane): void {
    const dueAt = table.nextDueAt(lane.lane);
    if (dueAt === null || dueAt > clock.now() || countRunning(lane) >= lane.maxConcurrent) return;
    for (const delivery of table.claim(lane, owner)) {
      const settled = deliver(lane, delivery).finally(() => {
        running.delete(delivery);
        wake();
      });
      running.set(delivery, { settled });
    }
  }

  function countRunning({ lane }: Lane): number {
    let count = 0;
    for (const delivery of running.keys()) if (delivery.lane === lane) count++;
    return count;
  }

  /** Never rejects. Where the outcome cannot be written, the lease runs out and the delivery is made again. */
  async function deliver(lane: Lane, delivery: ClaimedDelivery): Promise<void> {
    try {
      const answer = await send(lane, delivery);
      if (answer === null) table.release(delivery);
      else table.finish(delivery, lane, answer);
    } catch (error) {
      onFault(toFailure(error));
    }
  }

  async function send(lane: Lane, delivery: ClaimedDelivery): Promise<PushAnswer | null> {
    try {
      const push = lane.toPush(delivery);
      const headers = { ...push.headers, authorization: `Bearer ${await tokenFor(push.url)}` };
      return await pusher.push({ ...push, headers, deadlineMs: lane.deadlineMs }, abandon.signal);
    } catch (error) {
      if (abandon.signal.aborted) return null;
      onFault(toFailure(error));
      return { status: null, text: 'The request could not be made' };
    }
  }

  async function pause(): Promise<void> {
    wakeUp = new AbortController();
    await clock.sleep(pollMs, wakeUp.signal).catch(() => undefined);
  }

  function wake(): void {
    wakeUp?.abort();
  }

  async function stop(): Promise<void> {
    isDraining = true;
    const timer = new AbortController();
    const grace = clock.sleep(graceMs, timer.signal).then(
      () => abandon.abort(),
      () => undefined,
    );
    while (running.size > 0) await Promise.all([...running.values()].map(({ settled }) => settled));
    timer.abort();
    await grace;
    isStopped = true;
    wake();
    await loop;
    await pusher.close();
  }

  const loop = run();
  return { wake, stop };
}
