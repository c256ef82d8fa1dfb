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

interface Outcome {
  readonly lane: Lane;
  readonly delivery: ClaimedDelivery;
  /** Null: broken off by `stop`. */
  readonly answer: PushAnswer | null;
}

/** Sends the deliveries of some lanes until stopped. */
export function startDispatcher(options: DispatcherOptions): Dispatcher {
  const { table, lanes, clock, tokenFor, pollMs, beatMs, graceMs, onFault } = options;
  const owner = randomUUID();
  const pusher = createHttpPusher(clock);
  const running = new Set<ClaimedDelivery>();
  const abandon = new AbortController();
  const outcomes: Outcome[] = [];
  let isDraining = false;
  let lastBeatAt = clock.now();
  let lastSweepAt = 0;
  let wakeUp: AbortController | null = null;

  async function run(): Promise<void> {
    while (!isDraining || running.size > 0) {
      let pauseMs = pollMs;
      try {
        // Before taking anything: a process that was held up must not take over its own deliveries from itself.
        beatWhenDue();
        settleAndTake();
      } catch (error) {
        onFault(toFailure(error));
        // A full disk is not reported forty times a second.
        pauseMs = beatMs;
      }
      if (!isDraining || running.size > 0) await pause(pauseMs);
    }
  }

  function beatWhenDue(): void {
    const at = clock.now();
    if (running.size > 0 && at - lastBeatAt >= beatMs) table.beat(running);
    if (running.size === 0 || at - lastBeatAt >= beatMs) lastBeatAt = at;
    if (at - lastSweepAt >= 60_000) {
      lastSweepAt = at;
      for (const { lane } of lanes) table.sweep(lane);
    }
  }

  /**
   * Writes what has been answered and takes what is due, in one transaction: under load one flush to disk serves many deliveries.
   * Where that fails, nothing new is under way, and the leases of what was answered run out, so that it is sent again.
   */
  function settleAndTake(): void {
    const settled = outcomes.splice(0);
    for (const { delivery } of settled) running.delete(delivery);
    const open = isDraining ? [] : lanes.filter(hasWork);
    if (settled.length === 0 && open.length === 0) return;
    const taken = table.transact(() => {
      for (const { lane, delivery, answer } of settled) {
        if (answer === null) table.release(delivery);
        else table.finish(delivery, lane, answer);
      }
      // Asked again: an answer just written may have let the next of its key go.
      const lanesWithWork = isDraining ? [] : lanes.filter(hasWork);
      return lanesWithWork.flatMap((lane) =>
        table.claim(lane, owner).map((delivery) => ({ lane, delivery })),
      );
    });
    for (const { lane, delivery } of taken) {
      running.add(delivery);
      void deliver(lane, delivery);
    }
  }

  function hasWork(lane: Lane): boolean {
    const dueAt = table.nextDueAt(lane.lane);
    if (dueAt === null || dueAt > clock.now()) return false;
    let count = 0;
    for (const delivery of running) if (delivery.lane === lane.lane) count++;
    return count < lane.maxConcurrent;
  }

  /** Never rejects. */
  async function deliver(lane: Lane, delivery: ClaimedDelivery): Promise<void> {
    const answer = await send(lane, delivery);
    outcomes.push({ lane, delivery, answer });
    wake();
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

  async function pause(ms: number): Promise<void> {
    if (outcomes.length > 0) return;
    wakeUp = new AbortController();
    await clock.sleep(ms, wakeUp.signal).catch(() => undefined);
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
    wake();
    await loop;
    timer.abort();
    await grace;
    await pusher.close();
  }

  const loop = run();
  return { wake, stop };
}
