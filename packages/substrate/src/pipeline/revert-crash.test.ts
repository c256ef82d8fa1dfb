import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import { readChanges } from '../store/changes.ts';
import { pendingCreates } from '../store/pending-creates.ts';
import { pushes } from '../store/pushes.ts';
import { records } from '../store/records.ts';
import { stagedRecords } from '../store/staged-records.ts';
import { category, lineItem, user } from './contract/gradebook-seat.contract.ts';
import { editRecord } from './edit-record.ts';
import { createMortal, type Death, isKilled, type Mortal } from './mortal.fixture.ts';
import { writtenEntityTypes } from './paper-gradebook.fixture.ts';
import { paperGradebook } from './paper-school.fixture.ts';
import { createPipelineFixture, owner, type PipelineFixture } from './pipeline.fixture.ts';
import { sweepRuns } from './run/sweep-runs.ts';

let fixture: PipelineFixture | undefined;
afterEach(() => fixture?.close());

/** A run has changed both sides. */
async function prepare() {
  const clock = createManualClock();
  fixture = await createPipelineFixture({ clock, vendor: paperGradebook });
  const { school, worker } = fixture;
  const edit = (entityType: string, recordId: string, value: JsonObject | null) =>
    editRecord(worker, { ...owner, entityType, recordId, value, runId: 'edit' });
  school.data.categories.push({ id: 'cat-b', title: 'Quizzes' });
  await fixture.choose({ writeBack: [...writtenEntityTypes] });
  await fixture.sync();
  await clock.advance(1_000);
  await edit('user', 'u1', { ...user, givenName: 'Given 1' });
  await edit('category', 'c-ours', category);
  await edit('lineItem', 'l-ours', lineItem);
  await edit('category', 'cat-b', null);
  school.data.users[0] = { ...school.data.users[0], mail: 'one@school.example' };
  school.data.users.splice(1, 1);
  school.data.users.push({ id: 'u6', given: 'Late', family: 'Comer' });
  const { run } = await fixture.sync();
  await clock.advance(1_000);
  const stage = await fixture.keep();
  fixture = undefined;
  return { stage, runId: run.runId, now: clock.now() };
}

/** All lives begin at the same place, which is come to once. */
let prepared: ReturnType<typeof prepare> | undefined;
afterAll(async () => (await prepared)?.stage.school.close());

/** The run is taken back, by a process that dies where it is told to and is started again. */
async function liveThroughRevert(diesAt: Death | undefined) {
  prepared ??= prepare();
  const { stage, runId, now } = await prepared;
  const mortal = createMortal();
  const clock = createManualClock(now);
  fixture = await createPipelineFixture({
    clock,
    vendor: paperGradebook,
    faults: mortal.faults,
    from: stage,
  });
  mortal.live(diesAt);
  await runToItsEnd(mortal, mortal.possess(fixture.worker), runId);
  return { effects: [...mortal.effects], state: await readState(runId) };
}

const asked = (reverts: string) => ({ reverts, method: 'runs.revert.v1', idempotencyKey: 'taken back' });

async function runToItsEnd(mortal: Mortal, worker: PipelineFixture['worker'], reverts: string) {
  const { start, deliver, outcome, logged } = fixture as PipelineFixture;
  for (let deliveries = 0; deliveries < 30; ) {
    try {
      await sweepRuns(worker, 'paper-school');
      const runId = await start(asked(reverts));
      const isFirst = deliveries++ === 0;
      await deliver(runId, { worker: isFirst ? { ...worker, sliceMs: 0 } : worker });
      if ((await outcome(runId)).run.finishedAt !== null) return;
    } catch (thrown) {
      if (!isKilled(thrown)) throw thrown;
      await mortal.replace();
    }
  }
  throw new Error(`no end in sight: ${JSON.stringify(logged.slice(-3))}`);
}

/** Everything that must not depend on where a process died. */
async function readState(reverts: string) {
  const { platform, school, start, outcome } = fixture as PipelineFixture;
  const { store } = platform;
  const { run, ...entityTypes } = await outcome(await start(asked(reverts)));
  const changes = await readChanges(store, owner, 0, 1_000);
  const { users, categories, items } = school.data;
  return {
    run: { state: run.state, failure: run.failure, lastSequence: run.lastSequence },
    counts: entityTypes.user?.counts,
    vendor: [users, categories, items].map(sorted),
    records: sorted(
      (await store.scan(records)).map(({ updatedAt: _updatedAt, ...row }) => row as unknown as JsonValue),
    ),
    changes: sorted(
      changes.map(({ entityType, recordId, action, before, after }) => ({
        entityType,
        recordId,
        action,
        before,
        after,
      })),
    ),
    pushes: sorted(
      (await store.scan(pushes)).map(({ recordId, action, state }) => ({ recordId, action, state })),
    ),
    left: [...(await store.scan(stagedRecords)), ...(await store.scan(pendingCreates))],
  };
}

function sorted(values: readonly JsonValue[]): readonly string[] {
  return values.map((value) => canonicalJson(value)).toSorted();
}

describe('a process that is killed while it takes a run back, and started again', () => {
  test('leaves both sides as one that was left alone: everything is taken back once', async () => {
    const { state, effects } = await liveThroughRevert(undefined);
    await fixture?.close();
    expect(state.run).toMatchObject({ state: 'succeeded', failure: null });
    expect(state.left).toEqual([]);
    expect(state.counts).toMatchObject({ received: 3, pushCreated: 1, pushUpdated: 1, pushDeleted: 1 });
    expect(state.vendor.map((list) => list.length)).toEqual([5, 1, 0]);
    expect(effects.filter((kind) => kind === 'write')).toHaveLength(6);

    for (const [index, kind] of effects.entries()) {
      const moments = kind === 'write' || index === 0 ? (['before', 'after'] as const) : (['after'] as const);
      for (const moment of moments) {
        const disturbed = await liveThroughRevert({ effect: index + 1, moment });
        expect(disturbed.state, `killed ${moment} effect ${index + 1}, a ${kind}`).toEqual(state);
        await fixture?.close();
      }
    }
    fixture = undefined;
  }, 600_000);
});
