import type { RunWorker } from '../parts.ts';

/** Draws numbers from a seed, so that a history that went wrong can be lived through again. */
export interface Chance {
  /** A whole number from 0 up to and without `below`. */
  draw(below: number): number;
  /** True in this share of cases. */
  isLucky(share: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
}

/** mulberry32: small, seeded, and even enough to choose edits by. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  return {
    draw: (below) => Math.floor(next() * below),
    isLucky: (share) => next() < share,
    pick(items) {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new RangeError('There is nothing to pick from');
      return item;
    },
  };
}

/** A process that may die before or after any effect it has on the world. While it is dead nothing that it does has an effect. */
export interface Life {
  /** Decides whether, and at which of its next effects, it dies. */
  begin(): void;
  /** What follows is done by nobody's process: it cannot die. */
  end(): void;
  before(): void;
  after(): void;
  readonly kills: number;
}

export const killed = new Error('kill -9');

export function createLife(chance: Chance, share: number): Life {
  let isDead = false;
  let left = Number.POSITIVE_INFINITY;
  let moment: 'before' | 'after' = 'before';
  let kills = 0;
  function strike(now: typeof moment): void {
    if (isDead) throw killed;
    if (now === 'before') left--;
    if (left > 0 || moment !== now) return;
    left = Number.POSITIVE_INFINITY;
    isDead = true;
    kills++;
    throw killed;
  }
  return {
    begin() {
      isDead = false;
      left = chance.isLucky(share) ? 1 + chance.draw(30) : Number.POSITIVE_INFINITY;
      moment = chance.isLucky(0.5) ? 'before' : 'after';
    },
    end() {
      isDead = false;
      left = Number.POSITIVE_INFINITY;
    },
    before: () => strike('before'),
    after: () => strike('after'),
    get kills() {
      return kills;
    },
  };
}

/** The same worker, each of whose effects may be its last. */
export function mortalWorker(worker: RunWorker, life: Life): RunWorker {
  async function live<Result>(effect: () => Promise<Result>): Promise<Result> {
    life.before();
    const result = await effect();
    life.after();
    return result;
  }
  return {
    ...worker,
    tasks: { ...worker.tasks, enqueue: (task) => live(() => worker.tasks.enqueue(task)) },
    bus: { ...worker.bus, publish: (topic, messages) => live(() => worker.bus.publish(topic, messages)) },
    openClient(options) {
      const client = worker.openClient(options);
      return {
        ...client,
        // Dies before the request goes out, or after the vendor has done what was asked and before its answer is read.
        request: (request) => live(() => client.request(request)),
        fetchPage: (request) => live(() => client.fetchPage(request)),
      };
    },
  };
}
