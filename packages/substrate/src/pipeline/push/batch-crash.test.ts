import { expect, onTestFinished, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../clock/clock.manual.ts';
import { canonicalJson } from '../../json/canonical-json.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import type { ChosenSettings } from '../../settings/integration-settings.ts';
import { readChanges } from '../../store/changes.ts';
import { putCredential, putIntegration } from '../../store/integrations.ts';
import { pendingCreates } from '../../store/pending-creates.ts';
import { pushes } from '../../store/pushes.ts';
import { records } from '../../store/records.ts';
import { readRun, readRunEntityTypes } from '../../store/runs.ts';
import { stagedRecords } from '../../store/staged-records.ts';
import { category, user } from '../contract/gradebook-seat.contract.ts';
import { editRecord } from '../edit-record.ts';
import { createMortal, type Death, isKilled, type Mortal } from '../mortal.fixture.ts';
import type { ImportHabit } from '../paper-import.fixture.ts';
import { paperCredential, paperImport } from '../paper-school.fixture.ts';
import type { RunWorker } from '../parts.ts';
import { createPipelineFixture, owner, type PipelineFixture } from '../pipeline.fixture.ts';
import { startRun } from '../run/start-run.ts';
import { sweepRuns } from '../run/sweep-runs.ts';

const { customerId } = owner;

interface Stage {
  readonly fixture: PipelineFixture;
  readonly mortal: Mortal;
  readonly clock: ManualClock;
  readonly worker: RunWorker;
  /** The vendor's data at the beginning of each life. */
  readonly initial: PipelineFixture['school']['data'];
}

async function openStage(habits: readonly ImportHabit[]): Promise<Stage> {
  const mortal = createMortal();
  const clock = createManualClock();
  const fixture = await createPipelineFixture({ clock, vendor: paperImport, faults: mortal.faults });
  onTestFinished(() => fixture.close());
  for (const habit of habits) fixture.school.data.importHabits.add(habit);
  const initial = structuredClone(fixture.school.data);
  return { fixture, mortal, clock, worker: mortal.possess(fixture.worker), initial };
}

/** A run of an integration of its own with uploads of several kinds, that dies where it is told to and is started again. */
async function liveThrough(stage: Stage, integrationId: string, diesAt?: Death) {
  const { fixture, mortal, clock, worker, initial } = stage;
  const { school, platform, deliver, outcome } = fixture;
  Object.assign(school.data, structuredClone(initial));
  await connect(stage, integrationId);
  const start = async (idempotencyKey: string) => {
    const method = 'sync.v1';
    const asked = { customerId, integrationId, context: 'manual', method, entityTypes: [] } as const;
    return (await startRun(worker, { ...asked, idempotencyKey })).runId;
  };
  const first = await start('first');
  while ((await deliver(first, { worker })) !== 'finished');
  await clock.advance(1_000);
  const edit = (entityType: string, recordId: string, value: JsonObject | null) =>
    editRecord(worker, { customerId, integrationId, entityType, recordId, value, runId: 'edit' });
  await edit('user', 'u1', { ...user, givenName: 'Given 1' });
  await edit('user', 'u2', { ...user, primaryOrgSourcedId: 'nowhere' });
  await edit('user', 'u9', user);
  await edit('category', 'c-ours', category);

  mortal.live(diesAt);
  for (let deliveries = 0; ; deliveries++) {
    expect(deliveries, 'no end in sight').toBeLessThan(40);
    try {
      await sweepRuns(worker, 'paper-school');
      const runId = await start('second');
      const { dueAt } = await readRun(platform.store, customerId, runId);
      await clock.advance(Math.max(0, Date.parse(dueAt ?? '') - clock.now() || 0));
      await deliver(runId, { worker });
      if ((await outcome(runId)).run.finishedAt === null) continue;
      const uploads = school.data.uploads.length;
      return { effects: [...mortal.effects], uploads, state: await readState(fixture, integrationId, runId) };
    } catch (thrown) {
      if (!isKilled(thrown)) throw thrown;
      await mortal.replace();
    }
  }
}

async function connect({ fixture, mortal }: Stage, integrationId: string): Promise<void> {
  const { platform, school } = fixture;
  mortal.live(undefined);
  const settings: ChosenSettings = { writeBack: ['user', 'category'] };
  const connection = { baseUrl: school.origin };
  await platform.store.transaction(async (transaction) =>
    putIntegration(
      transaction,
      { customerId, integrationId, vendor: paperImport.id, state: 'active', connection, settings },
      true,
    ),
  );
  await platform.vault.prepare({ customerId, integrationId });
  await platform.store.transaction(async (transaction) =>
    putCredential(transaction, customerId, integrationId, paperCredential),
  );
}

/** Everything that must not depend on where a process died. */
async function readState(
  { platform, school, outcome }: PipelineFixture,
  integrationId: string,
  runId: string,
) {
  const { store } = platform;
  const { run } = await outcome(runId);
  const changes = await readChanges(store, { customerId, integrationId }, 0, 1_000);
  return {
    run: { state: run.state, lastSequence: run.lastSequence },
    entityTypes: [...(await readRunEntityTypes(store, customerId, runId)).values()].map(
      ({ entityType, stage, counts, batch }) => ({ entityType, stage, counts, batch }),
    ),
    vendor: [school.data.users, school.data.categories].map(sorted),
    records: sorted(
      (await store.scan(records, { prefix: { customerId, integrationId } })).map(
        ({ updatedAt: _updatedAt, editedAt: _editedAt, integrationId: _integrationId, ...row }) =>
          row as unknown as JsonValue,
      ),
    ),
    changes: changes.map(({ recordId, action, sequence }) => ({ recordId, action, sequence })),
    pushes: (await store.scan(pushes, { prefix: { customerId, runId } })).map(
      ({ recordId, action, state }) => ({ recordId, action, state }),
    ),
    left: [
      ...(await store.scan(stagedRecords, { prefix: { customerId, runId } })),
      ...(await store.scan(pendingCreates, { prefix: { customerId, integrationId } })),
    ],
  };
}

function sorted(values: readonly JsonValue[]): readonly string[] {
  return values.map((value) => canonicalJson(value)).toSorted();
}

test.each([[[]], [['works-late']]] as const)(
  'a process that is killed while its uploads are under way ends as one that was left alone; the vendor %j',
  async (habits) => {
    const stage = await openStage(habits);
    const undisturbed = await liveThrough(stage, 'undisturbed');
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
        const { state, uploads } = await liveThrough(stage, `${moment}-${index}`, {
          effect: index + 1,
          moment,
        });
        const where = `killed ${moment} effect ${index + 1}, a ${kind}`;
        expect(state, where).toEqual(undisturbed.state);
        // What had arrived is not sent again; the one that was refused is, and all that a job had not come to yet.
        expect(uploads, where).toBeLessThanOrEqual(undisturbed.uploads + 1);
      }
    }
  },
  120_000,
);
