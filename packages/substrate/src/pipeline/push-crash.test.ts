import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import { decodeChanges } from '../egress/decode-changes.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import { readChanges } from '../store/changes.ts';
import { pendingCreates } from '../store/pending-creates.ts';
import { pushes } from '../store/pushes.ts';
import { records } from '../store/records.ts';
import { stagedRecords } from '../store/staged-records.ts';
import { category, lineItem, result, user } from './contract/gradebook-seat.contract.ts';
import { editRecord } from './edit-record.ts';
import { createMortal, type Death, isKilled, type Mortal } from './mortal.fixture.ts';
import { writtenEntityTypes } from './paper-gradebook.fixture.ts';
import { paperGradebook } from './paper-school.fixture.ts';
import type { RunWorker } from './parts.ts';
import { type AskedRun, createPipelineFixture, owner, type PipelineFixture } from './pipeline.fixture.ts';
import { sweepRuns } from './run/sweep-runs.ts';

let fixture: PipelineFixture | undefined;
afterEach(() => fixture?.close());

const dates = { from: '2026-09-01T00:00:00Z', due: '2026-09-08T00:00:00Z', class: 'k1' };

/** Both sides have changed much since they were last the same; before a revert, a run has brought that to either side. */
async function prepare(what: 'push' | 'revert') {
  const mortal = createMortal();
  const clock = createManualClock();
  fixture = await createPipelineFixture({ clock, vendor: paperGradebook, faults: mortal.faults });
  const worker = mortal.possess(fixture.worker);
  const { data } = fixture.school;
  data.categories.push({ id: 'cat-a', title: 'Tests' }, { id: 'cat-b', title: 'Quizzes' });
  data.items.push({ id: 'item-a', title: 'Quiz', category: 'cat-b', ...dates });
  await fixture.choose({ writeBack: [...writtenEntityTypes] });
  await fixture.sync(worker);
  await clock.advance(1_000);
  await editMuch();
  data.users[0] = { ...data.users[0], mail: 'one@school.example' };
  data.users.push({ id: 'u6', given: 'Late', family: 'Comer' });
  let asked: AskedRun = { idempotencyKey: 'second' };
  if (what === 'revert') {
    const { run } = await runToItsEnd(mortal, worker, asked);
    await clock.advance(1_000);
    asked = { idempotencyKey: 'back', reverts: run.runId };
  }
  const stage = await fixture.keep();
  fixture = undefined;
  return { stage, asked, published: mortal.published, now: clock.now() };
}

/** All lives of one kind begin at the same place, which is come to once. */
const prepared = new Map<'push' | 'revert', ReturnType<typeof prepare>>();
afterAll(async () => {
  for (const { stage } of await Promise.all(prepared.values())) await stage.school.close();
});

/** The run that writes to the vendor, or the one that takes it back, dies where it is told to and is started again. */
async function liveThrough(what: 'push' | 'revert', diesAt: Death | undefined) {
  const preparing = prepared.get(what) ?? prepare(what);
  prepared.set(what, preparing);
  const { stage, asked, published, now } = await preparing;
  const mortal = createMortal(published);
  const clock = createManualClock(now);
  fixture = await createPipelineFixture({
    clock,
    vendor: paperGradebook,
    faults: mortal.faults,
    from: stage,
  });
  mortal.live(diesAt);
  const { run } = await runToItsEnd(mortal, mortal.possess(fixture.worker), asked);
  return {
    effects: [...mortal.effects],
    aborts: mortal.aborts,
    state: await readState(mortal, run.runId),
  };
}

async function editMuch(): Promise<void> {
  const { worker } = fixture as PipelineFixture;
  const edit = (entityType: string, recordId: string, value: JsonObject | null) =>
    editRecord(worker, { ...owner, entityType, recordId, value, runId: 'edit' });
  // Updated, created, deleted and refused, under ids of ours.
  await edit('user', 'u1', { ...user, givenName: 'Given 1' });
  await edit('user', 'u9', { ...user, familyName: 'Ninth' });
  await edit('user', 'u5', null);
  await edit('user', 'u3', { ...user, primaryOrgSourcedId: 'nowhere' });
  // Two that say the same, and what names one of them; all get ids there.
  await edit('category', 'c-one', { ...category, weight: 1 });
  await edit('category', 'c-two', { ...category, weight: 1 });
  await edit('category', 'c-ours', { ...category, title: 'Reading' });
  await edit('lineItem', 'l-ours', lineItem);
  await edit('result', 'r-ours', result);
  // Deleted in an order that the vendor bears.
  await edit('lineItem', 'item-a', null);
  await edit('category', 'cat-b', null);
}

async function runToItsEnd(mortal: Mortal, worker: RunWorker, asked: AskedRun) {
  const { start, deliver, outcome, logged } = fixture as PipelineFixture;
  for (let deliveries = 0; deliveries < 30; ) {
    try {
      await sweepRuns(worker, 'paper-school');
      const runId = await start(asked);
      const isFirst = deliveries++ === 0;
      await deliver(runId, { worker: isFirst ? { ...worker, sliceMs: 0 } : worker });
      const ended = await outcome(runId);
      if (ended.run.finishedAt !== null) return ended;
    } catch (thrown) {
      if (!isKilled(thrown)) throw thrown;
      await mortal.replace();
    }
  }
  throw new Error(`no end in sight: ${JSON.stringify(logged.slice(-3))}`);
}

/** Everything that must not depend on where a process died. */
async function readState({ published }: Mortal, runId: string) {
  const { platform, school, outcome } = fixture as PipelineFixture;
  const { store } = platform;
  const { run, ...entityTypes } = await outcome(runId);
  const changes = await readChanges(store, owner, 0, 1_000);
  const relayed = published.flatMap((message) => decodeChanges({ ...message, messageId: 'm' }));
  const { orgs, users, categories, items, scores } = school.data;
  return {
    run: { state: run.state, lastSequence: run.lastSequence },
    counts: Object.values(entityTypes).map((one) => one?.counts),
    // Which of two that say the same got which id is the vendor's affair.
    vendor: [orgs, users, categories, items, scores].map(sorted),
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
    sequences: changes.map(({ sequence }) => sequence),
    relayed: new Set(relayed.map(({ changeId }) => changeId)).size,
    pushes: sorted(
      (await store.scan(pushes)).map(({ recordId, action, state }) => ({ recordId, action, state })),
    ),
    left: [...(await store.scan(stagedRecords)), ...(await store.scan(pendingCreates))],
  };
}

function sorted(values: readonly JsonValue[]): readonly string[] {
  return values.map((value) => canonicalJson(value)).toSorted();
}

async function dieEverywhere(what: 'push' | 'revert', undisturbed: Awaited<ReturnType<typeof liveThrough>>) {
  for (const [index, kind] of undisturbed.effects.entries()) {
    // Where one effect comes after another, to die before it is to die after the one before. Writes are under way together.
    const moments = kind === 'write' || index === 0 ? (['before', 'after'] as const) : (['after'] as const);
    for (const moment of moments) {
      const { state } = await liveThrough(what, { effect: index + 1, moment });
      expect(state, `killed ${moment} effect ${index + 1}, a ${kind}`).toEqual(undisturbed.state);
      await fixture?.close();
    }
  }
  fixture = undefined;
}

describe('a process that is killed and started again', () => {
  test('while it writes to a vendor, leaves both sides as one that was left alone: nothing is created twice, nothing lost', async () => {
    const undisturbed = await liveThrough('push', undefined);
    await fixture?.close();
    const { state } = undisturbed;
    expect(state.run.state).toBe('partial');
    expect(state.left).toEqual([]);
    expect(state.pushes).toHaveLength(11);
    expect(state.pushes.filter((push) => !push.includes('accepted'))).toHaveLength(1);
    expect(state.vendor.map((list) => list.length)).toEqual([1, 6, 4, 1, 1]);
    expect(undisturbed.effects.filter((kind) => kind === 'write')).toHaveLength(11);

    await dieEverywhere('push', undisturbed);
  }, 600_000);

  test('while it takes a run back, leaves both sides as one that was left alone', async () => {
    const undisturbed = await liveThrough('revert', undefined);
    await fixture?.close();
    const { state } = undisturbed;
    expect(state.run.state).toBe('succeeded');
    expect(state.left).toEqual([]);
    expect(state.vendor.map((list) => list.length)).toEqual([1, 5, 2, 1, 0]);
    expect(undisturbed.effects.filter((kind) => kind === 'write')).toHaveLength(11);

    await dieEverywhere('revert', undisturbed);
  }, 600_000);
});

test.each(['push', 'revert'] as const)(
  'a database that aborts each commit of a %s once changes nothing about its end, and the vendor is written to once',
  async (what) => {
    const undisturbed = await liveThrough(what, undefined);
    await fixture?.close();

    const { effects, aborts, state } = await liveThrough(what, { effect: 'each', moment: 'aborted' });

    expect(state).toEqual(undisturbed.state);
    expect(effects.toSorted()).toEqual(undisturbed.effects.toSorted());
    expect(aborts).toBeGreaterThan(10);
  },
  60_000,
);
