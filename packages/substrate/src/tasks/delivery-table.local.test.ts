import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import { openDeliveryDatabase } from './delivery-schema.local.ts';
import { type ClaimedDelivery, createDeliveryTable, type LanePolicy } from './delivery-table.local.ts';

const policy: LanePolicy = {
  lane: 'lane',
  maxConcurrent: 4,
  retry: { maxAttempts: 4, minBackoffMs: 30, maxBackoffMs: 200, maxDoublings: 10 },
};
const leaseMs = 100;

async function createTable(nameWindowMs: number) {
  const clock = { ms: 1_000_000 };
  const database = await openDeliveryDatabase(':memory:', createManualClock());
  const table = createDeliveryTable(database, { now: () => clock.ms, leaseMs, nameWindowMs });
  function add(name: string, orderingKey: string | null): boolean {
    return table.add({
      lane: 'lane',
      name,
      orderingKey,
      payloadId: table.addPayload('{}', name),
      dueAt: clock.ms,
    });
  }
  const countRows = (name: string) =>
    Number(database.prepare(`SELECT count(*) AS count FROM ${name}`).get()?.['count']);
  return { table, clock, add, countRows };
}

type Step =
  | { readonly do: 'add'; readonly key: string | null }
  | { readonly do: 'claim' | 'crash' | 'beat'; readonly worker: number }
  | {
      readonly do: 'finish' | 'release';
      readonly worker: number;
      readonly pick: number;
      readonly status: number | null;
    }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'replay' | 'discard'; readonly pick: number };

const worker = fc.integer({ min: 0, max: 2 });
const pick = fc.nat(20);
const status = fc.constantFrom(200, 204, 500, 404, null);
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('add' as const), key: fc.constantFrom('a', 'b', 'c', null) }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('claim' as const), worker }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('finish' as const), worker, pick, status }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('release' as const), worker, pick, status }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), worker }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('beat' as const), worker }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 150 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('replay' as const, 'discard' as const), pick }) },
);

describe('delivery table', () => {
  test('whatever happens to its workers: nothing is lost, nothing is held twice, every key keeps its order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 120 }), async (history) => {
        const { table, clock, add, countRows } = await createTable(0);
        const held: Map<ClaimedDelivery, number>[] = [new Map(), new Map(), new Map()];
        const done: string[] = [];
        const lastFirst = new Map<string, number>();
        let added = 0;
        let discarded = 0;
        let replayed = new Set<string>();

        function claim(index: number): void {
          for (const claimed of table.claim(policy, `worker-${index}-${clock.ms}-${Math.random()}`)) {
            for (const [, other] of held.entries()) {
              for (const [elsewhere, leaseEnd] of other) {
                if (leaseEnd <= clock.ms) continue;
                expect(elsewhere.id).not.toBe(claimed.id);
                if (claimed.orderingKey !== null) expect(elsewhere.orderingKey).not.toBe(claimed.orderingKey);
              }
            }
            if (claimed.attempt === 1 && claimed.orderingKey !== null && !replayed.has(claimed.name)) {
              expect(claimed.id).toBeGreaterThanOrEqual(lastFirst.get(claimed.orderingKey) ?? 0);
              lastFirst.set(claimed.orderingKey, claimed.id);
            }
            held[index]?.set(claimed, clock.ms + leaseMs);
          }
        }

        function finish(index: number, at: number, answer: number | null): void {
          const mine = held[index];
          const claimed = [...(mine?.keys() ?? [])][at % Math.max(1, mine?.size ?? 1)];
          if (mine === undefined || claimed === undefined) return;
          mine.delete(claimed);
          if (table.finish(claimed, policy, { status: answer, text: '' }) === 'done') done.push(claimed.name);
        }

        for (const step of history) {
          if (step.do === 'add') expect(add(`n${added++}`, step.key)).toBe(true);
          else if (step.do === 'claim') claim(step.worker);
          else if (step.do === 'finish') finish(step.worker, step.pick, step.status);
          else if (step.do === 'crash') held[step.worker]?.clear();
          else if (step.do === 'wait') clock.ms += step.ms;
          else if (step.do === 'beat') {
            const mine = held[step.worker];
            // A beat that comes too late must not bring a lease back that someone else has by now: so no check of the time here.
            table.beat(mine?.keys() ?? []);
            for (const [claimed, leaseEnd] of mine ?? [])
              if (leaseEnd > clock.ms) mine?.set(claimed, clock.ms + leaseMs);
          } else if (step.do === 'release') {
            const claimed = [...(held[step.worker]?.keys() ?? [])][0];
            if (claimed !== undefined) {
              held[step.worker]?.delete(claimed);
              table.release(claimed);
            }
          } else if (step.do === 'replay' || step.do === 'discard') {
            const dead = table.listDead('lane', 100);
            const chosen = dead[step.pick % Math.max(1, dead.length)];
            if (chosen === undefined) continue;
            if (step.do === 'discard') discarded++;
            else replayed.add(chosen.name);
            (step.do === 'discard' ? table.discardDead : table.replayDead)('lane', chosen.id);
          }
          const { pending, running, dead } = table.stats('lane');
          expect(pending + running + dead + done.length + discarded).toBe(added);
        }

        for (const mine of held) mine.clear();
        // Those who held something are gone, but a full lane takes no more before it knows that: when their leases have run out.
        clock.ms += leaseMs;
        replayed = new Set(table.listDead('lane', 1000).map(({ name }) => name));
        for (const { id } of table.listDead('lane', 1000)) table.replayDead('lane', id);
        for (let round = 0; round < 1_000 && table.nextDueAt('lane') !== null; round++) {
          clock.ms = Math.max(clock.ms, table.nextDueAt('lane') ?? 0);
          claim(0);
          while ((held[0]?.size ?? 0) > 0) finish(0, 0, 200);
          for (const { id, name } of table.listDead('lane', 1000)) {
            replayed.add(name);
            table.replayDead('lane', id);
          }
        }
        expect(done.length + discarded).toBe(added);
        expect(new Set(done).size).toBe(done.length);
        expect([countRows('delivery'), countRows('payload')]).toEqual([0, 0]);
      }),
      { numRuns: 300 },
    );
  });

  test('a delivery whose process dies each time counts its attempts and becomes a dead letter', async () => {
    const { table, clock, add } = await createTable(0);
    add('poison', 'key');
    add('next', 'key');

    const attempts: string[] = [];
    for (let round = 0; round < 6; round++) {
      attempts.push(
        ...table.claim(policy, `victim-${round}`).map(({ name, attempt }) => `${name} ${attempt}`),
      );
      clock.ms += leaseMs;
    }

    expect(attempts).toEqual(['poison 1', 'poison 2', 'poison 3', 'poison 4', 'next 1']);
    expect(table.listDead('lane', 10)).toMatchObject([{ name: 'poison', attempts: 4, lastStatus: null }]);
  });

  test('what a stalled worker has to say after its lease went to another is not heard', async () => {
    const { table, clock, add } = await createTable(0);
    add('one', null);
    const [stalled] = table.claim(policy, 'stalled');
    clock.ms += leaseMs;
    const [other] = table.claim(policy, 'other');
    if (stalled === undefined || other === undefined) throw new Error('both should have taken it');

    expect(table.finish(stalled, policy, { status: 500, text: '' })).toBe('stale');
    table.release(stalled);
    table.beat([stalled]);
    expect(table.finish(other, policy, { status: 200, text: '' })).toBe('done');
  });

  test('a failed key holds up itself only', async () => {
    const { table, clock, add } = await createTable(0);
    for (const name of ['a1', 'a2', 'b1', 'b2']) add(name, name.charAt(0));

    const order: string[] = [];
    for (let round = 0; round < 3; round++) {
      for (const claimed of table.claim(policy, 'worker')) {
        order.push(claimed.name);
        table.finish(claimed, policy, { status: claimed.name === 'a1' && round === 0 ? 500 : 200, text: '' });
      }
      if (round === 1) clock.ms += 30;
    }

    expect(order).toEqual(['a1', 'b1', 'b2', 'a1']);
    expect(table.claim(policy, 'worker').map(({ name }) => name)).toEqual(['a2']);
  });

  test('a failed transaction leaves nothing behind and does not block the next', async () => {
    const { table, add, countRows } = await createTable(0);

    expect(() =>
      table.transact(() => {
        add('half', null);
        throw new Error('broken');
      }),
    ).toThrow('The local queue file cannot be written');

    expect(countRows('delivery')).toBe(0);
    expect(add('whole', null)).toBe(true);
  });

  test('acknowledged names are forgotten when their window is over, and their bodies at once', async () => {
    const { table, clock, add, countRows } = await createTable(1_000);
    add('one', null);
    for (const claimed of table.claim(policy, 'worker'))
      table.finish(claimed, policy, { status: 200, text: '' });

    expect([countRows('delivery'), countRows('payload')]).toEqual([1, 0]);
    clock.ms += 1_000;
    table.sweep('lane');
    expect(countRows('delivery')).toBe(0);
  });
});
