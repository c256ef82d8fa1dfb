import type { BusMessage } from '../egress/change-bus.ts';
import { Failure } from '../failure/failure.ts';
import type { CommitFaults } from '../orm/database.ts';
import type { RunWorker } from './parts.ts';

/**
 * The effect at which a process dies, counted from 1: just before it, or when it has been had and nobody knows yet. `aborted`: it lives on, and
 * the database aborts that commit, or each one, once.
 */
export interface Death {
  readonly effect: number | 'each';
  readonly moment: 'before' | 'after' | 'aborted';
}

/** A process that dies at its nth effect on the world: from then on nothing that it does has any effect. */
export interface Mortal {
  /** Effects had since it began to live; `writes` are the vendor's. */
  readonly effects: readonly ('commit' | 'task' | 'message' | 'write')[];
  /** Commits that the database has aborted. */
  readonly aborts: number;
  /** Begins to count anew, and dies as told; undefined: lives on. */
  live(diesAt: Death | undefined): void;
  /** Another process in its place, which does not die. */
  replace(): Promise<void>;
  readonly faults: CommitFaults;
  /** The worker's tasks, messages and writes to the vendor are effects. */
  possess(worker: RunWorker): RunWorker;
  readonly published: readonly BusMessage[];
}

const killed = new Error('kill -9');

export function isKilled(thrown: unknown): boolean {
  return thrown === killed || (thrown as Error | undefined)?.cause === killed;
}

/** `published`: what others had published before it. */
export function createMortal(before: readonly BusMessage[] = []): Mortal {
  let effects: Mortal['effects'][number][] = [];
  let diesAt: Death | undefined;
  let isDead = false;
  /** The number of the commit that was aborted last: its second attempt goes through. */
  let abortedLast = 0;
  let aborts = 0;
  const published: BusMessage[] = [...before];
  const underWay = new Set<Promise<unknown>>();

  function begin(kind: Mortal['effects'][number]): void {
    if (!isDead) effects.push(kind);
    if (effects.length === diesAt?.effect && diesAt.moment === 'before') isDead = true;
    if (isDead) throw killed;
  }

  function abortOnce(): void {
    const number = effects.length + 1;
    if (diesAt?.moment !== 'aborted' || number === abortedLast) return;
    if (diesAt.effect !== 'each' && diesAt.effect !== number) return;
    abortedLast = number;
    aborts += 1;
    throw new Failure('aborted', 'Aborted by the test');
  }

  function end(effect: number): void {
    if (effect === diesAt?.effect && diesAt.moment === 'after') isDead = true;
    if (isDead) throw killed;
  }

  /** Passes an effect on, unless the process is dead or dies of it. */
  async function have<R>(kind: Mortal['effects'][number], effect: () => Promise<R>): Promise<R> {
    begin(kind);
    const number = effects.length;
    const having = effect();
    underWay.add(having);
    try {
      return await having;
    } finally {
      underWay.delete(having);
      end(number);
    }
  }

  return {
    get effects() {
      return effects;
    },
    get aborts() {
      return aborts;
    },
    published,
    live(death) {
      effects = [];
      abortedLast = 0;
      diesAt = death;
    },
    async replace() {
      // What was on its way arrives, or does not, before anybody asks again.
      while (underWay.size > 0) await Promise.allSettled(underWay);
      isDead = false;
      diesAt = undefined;
    },
    faults: {
      beforeCommit() {
        abortOnce();
        begin('commit');
      },
      afterCommit: () => end(effects.length),
    },
    possess: (worker) => ({
      ...worker,
      tasks: { ...worker.tasks, enqueue: (task) => have('task', () => worker.tasks.enqueue(task)) },
      bus: {
        ...worker.bus,
        publish: (topic, messages) =>
          have('message', () => {
            published.push(...messages);
            return worker.bus.publish(topic, messages);
          }),
      },
      openClient: (options) => {
        const client = worker.openClient(options);
        return {
          ...client,
          request: (request) =>
            (request.method ?? 'GET') === 'GET'
              ? client.request(request)
              : have('write', () => client.request(request)),
        };
      },
    }),
  };
}
