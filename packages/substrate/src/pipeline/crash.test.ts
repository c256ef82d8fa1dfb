import { afterEach, describe, expect, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import type { BusMessage } from '../egress/change-bus.ts';
import { decodeChanges } from '../egress/decode-changes.ts';
import { readChanges } from '../store/changes.ts';
import { pages } from '../store/pages.ts';
import { records } from '../store/records.ts';
import { listRuns } from '../store/runs.ts';
import { stagedRecords } from '../store/staged-records.ts';
import type { RunWorker } from './parts.ts';
import { createPipelineFixture, owner, type PipelineFixture } from './pipeline.fixture.ts';
import { sweepRuns } from './run/sweep-runs.ts';

/** A process that dies at its nth effect on the world, just before it or just after: from then on nothing that it does has any effect. */
interface Mortal {
  effects: number;
  diesAt: { readonly effect: number; readonly moment: 'before' | 'after' } | undefined;
  isDead: boolean;
}

const killed = new Error('kill -9');

let fixture: PipelineFixture | undefined;
afterEach(() => fixture?.close());

/** Passes an effect on, unless the process is dead or dies of it. */
async function live<R>(mortal: Mortal, effect: () => R | Promise<R>): Promise<R> {
  begin(mortal);
  const result = await effect();
  end(mortal);
  return result;
}

function begin(mortal: Mortal): void {
  if (!mortal.isDead) mortal.effects++;
  if (mortal.effects === mortal.diesAt?.effect && mortal.diesAt.moment === 'before') mortal.isDead = true;
  if (mortal.isDead) throw killed;
}

function end(mortal: Mortal): void {
  if (mortal.effects === mortal.diesAt?.effect && mortal.diesAt.moment === 'after') mortal.isDead = true;
  if (mortal.isDead) throw killed;
}

/** Two nights of one integration, with edits between them; the second one dies where it is told to and is started again. */
async function liveThroughTwoNights(diesAt: Mortal['diesAt']) {
  const mortal: Mortal = { effects: 0, diesAt: undefined, isDead: false };
  const clock = createManualClock();
  fixture = await createPipelineFixture({
    clock,
    faults: {
      beforeCommit: () => begin(mortal),
      afterCommit: () => end(mortal),
    },
  });
  const { school, platform } = fixture;
  const published: BusMessage[] = [];
  const worker: RunWorker = {
    ...fixture.worker,
    tasks: { ...fixture.worker.tasks, enqueue: (task) => live(mortal, () => platform.tasks.enqueue(task)) },
    bus: {
      ...fixture.worker.bus,
      publish: (topic, messages) =>
        live(mortal, async () => {
          published.push(...messages);
          return await platform.bus.publish(topic, messages);
        }),
    },
  };
  await fixture.sync(worker);
  await clock.advance(1000);
  school.data.users[1] = { ...school.data.users[1], family: 'Ashby' };
  school.data.users.splice(3, 1);
  school.data.users.push(
    { id: 'u7', given: 'Seven', family: 'Comer' },
    { id: 'u8', given: 8, family: 'Bad' },
  );
  Object.assign(mortal, { effects: 0, diesAt });

  const key = 'second night';
  let deliveries = 0;
  for (;;) {
    if (deliveries > 20)
      throw new Error(`no end in sight: ${JSON.stringify([diesAt, fixture.logged.slice(-3)])}`);
    try {
      await sweepRuns(worker, 'paper-school');
      const runId = await start(worker, key);
      // A slice of no time at all hands over between its commits: that path dies too.
      const isFirst = deliveries++ === 0;
      await fixture.deliver(runId, { worker: isFirst ? { ...worker, sliceMs: 0 } : worker });
      if ((await fixture.outcome(runId)).run.finishedAt !== null) break;
    } catch (thrown) {
      if (thrown !== killed && (thrown as Error).cause !== killed) throw thrown;
      Object.assign(mortal, { isDead: false, diesAt: undefined });
    }
  }
  return { effects: mortal.effects, state: await readState(published) };
}

async function start(worker: RunWorker, idempotencyKey: string): Promise<string> {
  const { startRun } = await import('./run/start-run.ts');
  const request = {
    ...owner,
    context: 'manual',
    method: 'rosters.sync.v1',
    entityTypes: [],
    idempotencyKey,
  } as const;
  return (await startRun(worker, request)).runId;
}

/** Everything that must not depend on where a process died. */
async function readState(published: readonly BusMessage[]) {
  const { store } = (fixture as PipelineFixture).platform;
  const [run] = await listRuns(store, { ...owner, limit: 1 });
  const changes = await readChanges(store, owner, 0, 1000);
  const relayed = published.flatMap((message) => decodeChanges({ ...message, messageId: 'm' }));
  return {
    run: { state: run?.state, lastSequence: run?.lastSequence },
    entityTypes: await (fixture as PipelineFixture)
      .outcome(run?.runId ?? '')
      .then(({ org, user }) => [org?.counts, user?.counts]),
    records: (await store.scan(records)).map(({ recordId, value, hash }) => ({ recordId, value, hash })),
    changes: changes.map(({ sequence, action, recordId, before, after }) => ({
      sequence,
      action,
      recordId,
      before,
      after,
    })),
    // At least once: what arrives twice has the same change id.
    relayed: [...new Map(relayed.map((change) => [change.changeId, change.sequence])).values()],
    staged: await store.scan(stagedRecords),
    // Run ids are random, and lead the key.
    pages: (await store.scan(pages))
      .map(({ entityType, page, digest }) => `${entityType} ${page} ${digest}`)
      .toSorted(),
  };
}

describe('a process that is killed at any effect it has, and started again', () => {
  test('ends in the state of one that was left alone', async () => {
    const undisturbed = await liveThroughTwoNights(undefined);
    await fixture?.close();
    expect(undisturbed.state.run.state).toBe('succeeded');
    expect(undisturbed.state.changes).toHaveLength(6 + 3);
    expect(undisturbed.effects).toBeGreaterThan(15);

    for (let effect = 1; effect <= undisturbed.effects; effect++) {
      for (const moment of ['before', 'after'] as const) {
        const { state } = await liveThroughTwoNights({ effect, moment });
        expect(state, `killed ${moment} effect ${effect}`).toEqual(undisturbed.state);
        await fixture?.close();
      }
    }
    fixture = undefined;
  }, 120_000);
});
