import type { DatabaseSync } from 'node:sqlite';
import { Failure, isFailure } from '../failure/failure.ts';
import { prepareStatements, type Row, rowToClaimed, rowToDead } from './delivery-statements.local.ts';
import { nextStep, type PushAnswer } from './next-step.ts';
import type { RetryPolicy } from './task-queue.ts';

/** A stream of deliveries with its own limits: a queue of tasks, or a subscription of the change bus. */
export interface LanePolicy {
  readonly lane: string;
  readonly maxConcurrent: number;
  /** Without it the lane is not limited in its rate. */
  readonly maxPerSecond?: number;
  readonly retry: RetryPolicy;
}

export interface NewDelivery {
  readonly lane: string;
  readonly name: string;
  readonly orderingKey: string | null;
  readonly payloadId: number;
  readonly dueAt: number;
  /** Parked: not sent before `unpark`. */
  readonly parked?: boolean;
}

/** A delivery as taken for one attempt. `owner` and `attempt` together are the fence: a later taker has others. */
export interface ClaimedDelivery {
  readonly id: number;
  readonly lane: string;
  readonly name: string;
  readonly orderingKey: string | null;
  readonly owner: string;
  /** 1 at first. */
  readonly attempt: number;
  readonly executions: number;
  readonly firstAttemptAt: number;
  readonly scheduledAt: number;
  readonly lastStatus: number | null;
  readonly head: string;
  readonly data: Uint8Array;
}

export interface LaneStats {
  readonly pending: number;
  readonly running: number;
  readonly dead: number;
  readonly oldestCreatedAt: number | null;
}

export interface DeadDelivery {
  readonly id: number;
  readonly name: string;
  readonly orderingKey: string | null;
  readonly attempts: number;
  readonly createdAt: number;
  readonly diedAt: number;
  readonly lastStatus: number | null;
  readonly lastAnswer: string;
  readonly head: string;
  readonly data: Uint8Array;
}

export interface DeliveryTableOptions {
  readonly now: () => number;
  readonly leaseMs: number;
  /** For how long after its end a name stays taken. */
  readonly nameWindowMs: number;
}

/**
 * Deliveries in a SQLite file shared by several processes. Every method that writes is one transaction, so a crash leaves a
 * delivery in one of the states that `delivery-schema.local.ts` names, and a `running` one whose owner is gone is taken over when
 * its lease has run out: at least once, never lost.
 */
export interface DeliveryTable {
  /** Runs `work` as one transaction; inside it the other methods join in. */
  transact<Result>(work: () => Result): Result;
  addPayload(head: string, data: Uint8Array | string): number;
  /** False when the name is taken. */
  add(delivery: NewDelivery): boolean;
  isNameTaken(lane: string, name: string): boolean;
  unpark(fromLane: string, toLane: string): void;
  /** When something in the lane can be taken next; null when nothing waits. */
  nextDueAt(lane: string): number | null;
  /** Takes what is due within the lane's concurrency and rate, counted over all processes. */
  claim(policy: LanePolicy, owner: string): readonly ClaimedDelivery[];
  /** Prolongs the leases still held. */
  beat(held: Iterable<ClaimedDelivery>): void;
  /** Records an attempt's outcome. `stale`: the lease was lost to someone else, whose attempt counts instead. */
  finish(
    claimed: ClaimedDelivery,
    policy: LanePolicy,
    answer: PushAnswer,
  ): 'done' | 'retry' | 'dead' | 'stale';
  /** Gives an attempt back as if it had not been made, due at once. */
  release(claimed: ClaimedDelivery): void;
  stats(lane: string): LaneStats;
  listDead(lane: string, limit: number): readonly DeadDelivery[];
  findDead(lane: string, name: string): number | null;
  replayDead(lane: string, id: number): void;
  discardDead(lane: string, id: number): void;
  /** Forgets acknowledged deliveries whose names are free again. */
  sweep(lane: string): void;
}

export function createDeliveryTable(database: DatabaseSync, options: DeliveryTableOptions): DeliveryTable {
  const { now, leaseMs, nameWindowMs } = options;
  const sql = prepareStatements(database);
  let depth = 0;

  function transact<Result>(work: () => Result): Result {
    if (depth > 0) return work();
    try {
      database.exec('BEGIN IMMEDIATE');
      depth = 1;
      const result = work();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      if (database.isOpen && database.isTransaction) database.exec('ROLLBACK');
      throw isFailure(error)
        ? error
        : new Failure('unavailable', 'The local queue file cannot be written', { cause: error });
    } finally {
      depth = 0;
    }
  }

  function addPayload(head: string, data: Uint8Array | string): number {
    return Number(
      sql.addPayload.run(head, typeof data === 'string' ? Buffer.from(data) : data).lastInsertRowid,
    );
  }

  function isNameTaken(lane: string, name: string): boolean {
    const holder = sql.nameHolder.get(lane, name);
    if (holder === undefined) return false;
    const isOver = holder['ended_at'] !== null && Number(holder['ended_at']) + nameWindowMs <= now();
    if (!isOver) return true;
    if (holder['state'] === 'done') sql.remove.run(Number(holder['id']));
    else sql.freeName.run(Number(holder['id']));
    return false;
  }

  function add(delivery: NewDelivery): boolean {
    return transact(() => {
      if (isNameTaken(delivery.lane, delivery.name)) return false;
      const { lane, name, orderingKey, payloadId, dueAt } = delivery;
      const isBlocked =
        delivery.parked === true ||
        (orderingKey !== null && sql.liveOfKey.get(lane, orderingKey) !== undefined);
      sql.add.run(lane, name, orderingKey, payloadId, isBlocked ? 'blocked' : 'waiting', dueAt, dueAt, now());
      return true;
    });
  }

  function unpark(fromLane: string, toLane: string): void {
    transact(() => {
      sql.moveLane.run(toLane, fromLane);
      sql.unblockHeads.run(now(), toLane, toLane);
    });
  }

  function nextDueAt(lane: string): number | null {
    const row = sql.nextDue.get(lane);
    return row === undefined ? null : Number(row['due_at']);
  }

  function claim(policy: LanePolicy, owner: string): readonly ClaimedDelivery[] {
    return transact(() => {
      const at = now();
      const running = Number(sql.countRunning.get(policy.lane, at)?.['count']);
      const room = Math.min(policy.maxConcurrent - running, availableTokens(policy, at));
      if (room < 1) return [];
      const claimed: ClaimedDelivery[] = [];
      for (const row of sql.due.all(policy.lane, at, Math.floor(room))) {
        if (row['state'] === 'running' && isLostForGood(row, policy, at)) continue;
        sql.take.run(owner, at + leaseMs, at, Number(row['id']));
        claimed.push(rowToClaimed(row, owner, at));
      }
      spendTokens(policy, claimed.length, at);
      return claimed;
    });
  }

  /** The attempt of a process that died counts, or a task that kills its process would do so for ever. */
  function isLostForGood(row: Row, policy: LanePolicy, at: number): boolean {
    const answer: PushAnswer = {
      status: null,
      text: 'The process that sent this stopped before the answer came',
    };
    if (
      nextStep(policy.retry, Number(row['attempts']), Number(row['first_attempt_at']), answer, at).kind !==
      'dead'
    )
      return false;
    sql.end.run('dead', at, null, answer.text, Number(row['id']));
    unblockNext(policy.lane, row['ordering_key'] as string | null, at);
    return true;
  }

  function availableTokens(policy: LanePolicy, at: number): number {
    if (policy.maxPerSecond === undefined) return Number.POSITIVE_INFINITY;
    const bucket = sql.bucket.get(policy.lane);
    const burst = burstOf(policy.maxPerSecond);
    if (bucket === undefined) return burst;
    const refilled = Math.max(0, at - Number(bucket['refilled_at'])) * (policy.maxPerSecond / 1000);
    return Math.min(burst, Number(bucket['tokens']) + refilled);
  }

  function spendTokens(policy: LanePolicy, count: number, at: number): void {
    if (policy.maxPerSecond === undefined || count === 0) return;
    sql.setBucket.run(policy.lane, availableTokens(policy, at) - count, at);
  }

  function beat(held: Iterable<ClaimedDelivery>): void {
    transact(() => {
      const leaseEnd = now() + leaseMs;
      for (const { id, owner, attempt } of held) sql.prolong.run(leaseEnd, id, owner, attempt);
    });
  }

  function finish(
    claimed: ClaimedDelivery,
    policy: LanePolicy,
    answer: PushAnswer,
  ): 'done' | 'retry' | 'dead' | 'stale' {
    return transact(() => {
      if (sql.isHeld.get(claimed.id, claimed.owner, claimed.attempt) === undefined) return 'stale';
      const at = now();
      const step = nextStep(policy.retry, claimed.attempt, claimed.firstAttemptAt, answer, at);
      if (step.kind === 'retry') {
        const isExecution = answer.status !== null && answer.status < 500 ? 1 : 0;
        sql.retry.run(step.dueAt, step.dueAt, isExecution, answer.status, answer.text, claimed.id);
        return 'retry';
      }
      if (step.kind === 'dead') sql.end.run('dead', at, answer.status, answer.text, claimed.id);
      else acknowledge(claimed.id, at, answer);
      unblockNext(claimed.lane, claimed.orderingKey, at);
      return step.kind;
    });
  }

  function acknowledge(id: number, at: number, answer: PushAnswer): void {
    const payloadId = Number(sql.payloadOf.get(id)?.['payload_id']);
    if (nameWindowMs > 0) sql.end.run('done', at, answer.status, null, id);
    else sql.remove.run(id);
    if (nameWindowMs > 0) sql.dropPayloadReference.run(id);
    sql.removePayload.run(payloadId, payloadId);
  }

  function unblockNext(lane: string, orderingKey: string | null, at: number): void {
    if (orderingKey !== null) sql.unblock.run(at, lane, orderingKey);
  }

  function release(claimed: ClaimedDelivery): void {
    transact(() => sql.release.run(now(), claimed.id, claimed.owner, claimed.attempt));
  }

  function stats(lane: string): LaneStats {
    const counts = new Map(sql.countByState.all(lane).map((row) => [row['state'], Number(row['count'])]));
    const oldest = sql.oldest.get(lane)?.['created_at'] ?? null;
    return {
      pending: (counts.get('waiting') ?? 0) + (counts.get('blocked') ?? 0),
      running: counts.get('running') ?? 0,
      dead: counts.get('dead') ?? 0,
      oldestCreatedAt: oldest === null ? null : Number(oldest),
    };
  }

  function findDead(lane: string, name: string): number | null {
    const row = sql.findDead.get(lane, name);
    return row === undefined ? null : Number(row['id']);
  }

  function deadRow(lane: string, id: number): Row {
    const row = sql.deadById.get(lane, id);
    if (row === undefined)
      throw new Failure('not_found', 'No dead letter of this id', { data: { lane, id } });
    return row;
  }

  function replayDead(lane: string, id: number): void {
    transact(() => {
      const row = deadRow(lane, id);
      const name = String(row['name']);
      if (row['holds_name'] !== 1 && isNameTaken(lane, name)) {
        throw new Failure('already_exists', 'Another task has the name of this dead letter', {
          data: { lane, name },
        });
      }
      const orderingKey = row['ordering_key'] as string | null;
      const isBlocked = orderingKey !== null && sql.liveOfKey.get(lane, orderingKey) !== undefined;
      sql.revive.run(isBlocked ? 'blocked' : 'waiting', now(), now(), id);
    });
  }

  function discardDead(lane: string, id: number): void {
    transact(() => {
      const payloadId = Number(deadRow(lane, id)['payload_id']);
      sql.remove.run(id);
      sql.removePayload.run(payloadId, payloadId);
    });
  }

  return {
    transact,
    addPayload,
    add,
    isNameTaken,
    unpark,
    nextDueAt,
    claim,
    beat,
    finish,
    release,
    stats,
    findDead,
    replayDead,
    discardDead,
    listDead: (lane, limit) => sql.listDead.all(lane, limit).map(rowToDead),
    sweep: (lane) => {
      transact(() => sql.sweep.run(lane, now() - nameWindowMs));
    },
  };
}

/** How many may go at once after a pause: a tenth of a second's worth, at least one. */
function burstOf(maxPerSecond: number): number {
  return Math.max(1, maxPerSecond / 10);
}
