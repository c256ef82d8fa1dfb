import { afterEach, describe, expect, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import type { BusMessage } from '../egress/change-bus.ts';
import { decodeChanges } from '../egress/decode-changes.ts';
import { readChanges } from '../store/changes.ts';
import { listRuns } from '../store/list-runs.ts';
import { pages } from '../store/pages.ts';
import { records } from '../store/records.ts';
import { stagedRecords } from '../store/staged-records.ts';
import { createMortal, type Death, isKilled } from './mortal.fixture.ts';
import type { RunWorker } from './parts.ts';
import { createPipelineFixture, owner, type PipelineFixture } from './pipeline.fixture.ts';
import { sweepRuns } from './run/sweep-runs.ts';

let fixture: PipelineFixture | undefined;
afterEach(() => fixture?.close());

/** Two nights of one integration, with edits between them; the second one dies where it is told to and is started again. */
async function liveThroughTwoNights(diesAt: Death | undefined) {
  const mortal = createMortal();
  const clock = createManualClock();
  fixture = await createPipelineFixture({ clock, faults: mortal.faults });
  const { school } = fixture;
  const worker = mortal.possess(fixture.worker);
  await fixture.sync(worker);
  await clock.advance(1000);
  school.data.users[1] = { ...school.data.users[1], family: 'Ashby' };
  school.data.users.splice(3, 1);
  school.data.users.push(
    { id: 'u7', given: 'Seven', family: 'Comer' },
    { id: 'u8', given: 8, family: 'Bad' },
  );
  mortal.live(diesAt);

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
      if (!isKilled(thrown)) throw thrown;
      await mortal.replace();
    }
  }
  return { effects: [...mortal.effects], aborts: mortal.aborts, state: await readState(mortal.published) };
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
    expect(undisturbed.effects.length).toBeGreaterThan(15);

    for (let effect = 1; effect <= undisturbed.effects.length; effect++) {
      for (const moment of ['before', 'after'] as const) {
        const { state } = await liveThroughTwoNights({ effect, moment });
        expect(state, `killed ${moment} effect ${effect}`).toEqual(undisturbed.state);
        await fixture?.close();
      }
    }
    fixture = undefined;
  }, 120_000);
});

test('a database that aborts any commit of a run changes nothing about its end', async () => {
  const undisturbed = await liveThroughTwoNights(undefined);
  await fixture?.close();

  for (const [index, kind] of undisturbed.effects.entries()) {
    if (kind !== 'commit') continue;
    const { effects, aborts, state } = await liveThroughTwoNights({ effect: index + 1, moment: 'aborted' });
    expect(state, `aborted commit ${index + 1}`).toEqual(undisturbed.state);
    expect(effects).toEqual(undisturbed.effects);
    expect(aborts).toBe(1);
    await fixture?.close();
  }
  fixture = undefined;
}, 60_000);
