import { afterEach, expect, test } from 'vitest';
import { createManualClock } from '../../clock/clock.manual.ts';
import { canonicalJson } from '../../json/canonical-json.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { readChanges } from '../../store/changes.ts';
import { pendingCreates } from '../../store/pending-creates.ts';
import { pushes } from '../../store/pushes.ts';
import { records } from '../../store/records.ts';
import { readRun, readRunEntityTypes } from '../../store/runs.ts';
import { stagedRecords } from '../../store/staged-records.ts';
import { category, user } from '../contract/gradebook-seat.contract.ts';
import { editRecord } from '../edit-record.ts';
import { createMortal, type Death, isKilled } from '../mortal.fixture.ts';
import type { ImportHabit } from '../paper-import.fixture.ts';
import { paperImport } from '../paper-school.fixture.ts';
import { createPipelineFixture, owner, type PipelineFixture } from '../pipeline.fixture.ts';
import { sweepRuns } from '../run/sweep-runs.ts';

let fixture: PipelineFixture | undefined;
afterEach(() => fixture?.close());

const { customerId } = owner;

/** A run with uploads of every kind, that dies where it is told to and is started again. */
async function liveThrough(habits: readonly ImportHabit[], diesAt: Death | undefined) {
  const mortal = createMortal();
  const clock = createManualClock();
  fixture = await createPipelineFixture({ clock, vendor: paperImport, faults: mortal.faults });
  const { school, platform, deliver, choose, start, outcome } = fixture;
  const worker = mortal.possess(fixture.worker);
  for (const habit of habits) school.data.importHabits.add(habit);
  await choose({ writeBack: ['user', 'category'] });
  await fixture.sync(worker);
  await clock.advance(1_000);
  const edit = (entityType: string, recordId: string, value: JsonObject | null) =>
    editRecord(worker, { ...owner, entityType, recordId, value, runId: 'edit' });
  await edit('user', 'u1', { ...user, givenName: 'Given 1' });
  await edit('user', 'u2', { ...user, primaryOrgSourcedId: 'nowhere' });
  await edit('user', 'u9', user);
  await edit('category', 'c-ours', category);

  mortal.live(diesAt);
  for (let deliveries = 0; ; deliveries++) {
    expect(deliveries, 'no end in sight').toBeLessThan(40);
    try {
      await sweepRuns(worker, 'paper-school');
      const runId = await start({ idempotencyKey: 'second' });
      const { dueAt } = await readRun(platform.store, customerId, runId);
      await clock.advance(Math.max(0, Date.parse(dueAt ?? '') - clock.now() || 0));
      await deliver(runId, { worker });
      if ((await outcome(runId)).run.finishedAt === null) continue;
      return {
        effects: [...mortal.effects],
        uploads: school.data.uploads.length,
        state: await readState(runId),
      };
    } catch (thrown) {
      if (!isKilled(thrown)) throw thrown;
      await mortal.replace();
    }
  }
}

/** Everything that must not depend on where a process died. */
async function readState(runId: string) {
  const { platform, school, outcome } = fixture as PipelineFixture;
  const { store } = platform;
  const { run } = await outcome(runId);
  const changes = await readChanges(store, owner, 0, 1_000);
  return {
    run: { state: run.state, lastSequence: run.lastSequence },
    entityTypes: [...(await readRunEntityTypes(store, customerId, runId)).values()].map(
      ({ entityType, stage, counts, batch }) => ({ entityType, stage, counts, batch }),
    ),
    vendor: [school.data.users, school.data.categories].map(sorted),
    records: sorted(
      (await store.scan(records)).map(
        ({ updatedAt: _updatedAt, editedAt: _editedAt, ...row }) => row as unknown as JsonValue,
      ),
    ),
    changes: changes.map(({ recordId, action, sequence }) => ({ recordId, action, sequence })),
    pushes: (await store.scan(pushes)).map(({ recordId, action, state }) => ({ recordId, action, state })),
    left: [...(await store.scan(stagedRecords)), ...(await store.scan(pendingCreates))],
  };
}

function sorted(values: readonly JsonValue[]): readonly string[] {
  return values.map((value) => canonicalJson(value)).toSorted();
}

test.each([[[]], [['works-late']]] as const)(
  'a process that is killed while its uploads are under way ends as one that was left alone; the vendor %j',
  async (habits) => {
    const undisturbed = await liveThrough(habits, undefined);
    await fixture?.close();
    expect(undisturbed.state).toMatchObject({ run: { state: 'partial' }, left: [] });
    expect(undisturbed.uploads).toBe(2);
    expect(undisturbed.state.pushes.map(({ state }) => state).toSorted()).toEqual([
      ...Array(3).fill('accepted'),
      'refused',
    ]);
    // One that begins works for a while before it sends anything, as any run does.
    const first = undisturbed.effects.indexOf('write') - 2;
    for (const [index, kind] of undisturbed.effects.entries()) {
      // What a vendor that works late makes different is what a lost upload has come to.
      if (index < first || (habits.length > 0 && kind !== 'write')) continue;
      const moments = kind === 'write' ? (['before', 'after'] as const) : (['after'] as const);
      for (const moment of moments) {
        const { state, uploads } = await liveThrough(habits, { effect: index + 1, moment });
        const where = `killed ${moment} effect ${index + 1}, a ${kind}`;
        expect(state, where).toEqual(undisturbed.state);
        // What had arrived is not sent again; the one that was refused is, and all that a job had not come to yet.
        expect(uploads, where).toBeLessThanOrEqual(undisturbed.uploads + 1);
        await fixture?.close();
      }
    }
    fixture = undefined;
  },
  120_000,
);
