import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../clock/clock.manual.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { pendingCreates } from '../../store/pending-creates.ts';
import { pushes } from '../../store/pushes.ts';
import { records } from '../../store/records.ts';
import { readRun, readRunEntityTypes } from '../../store/runs.ts';
import { category, user } from '../contract/gradebook-seat.contract.ts';
import { editRecord } from '../edit-record.ts';
import { paperImport } from '../paper-school.fixture.ts';
import { type AskedRun, createPipelineFixture, owner, type PipelineFixture } from '../pipeline.fixture.ts';

let fixture: PipelineFixture;
let clock: ManualClock;
beforeEach(async () => {
  clock = createManualClock();
  fixture = await createPipelineFixture({ vendor: paperImport, clock });
  await fixture.choose({ writeBack: ['user', 'category'] });
  await fixture.sync();
  fixture.school.clearRequests();
  await clock.advance(1_000);
});
afterEach(() => fixture.close());

const data = () => fixture.school.data;
const { customerId } = owner;

async function edit(entityType: string, recordId: string, members: JsonObject | null): Promise<void> {
  const value = members === null ? null : { ...(await ours(entityType))[recordId], ...members };
  await editRecord(fixture.worker, { ...owner, entityType, recordId, value, runId: 'edit' });
}

async function ours(entityType = 'user') {
  const rows = await fixture.platform.store.scan(records, { prefix: { ...owner, entityType } });
  return Object.fromEntries(rows.map(({ recordId, value }) => [recordId, value]));
}

/** To its end, as the queue would: each slice begins when it is due. */
async function run(asked: AskedRun = {}) {
  const runId = await fixture.start(asked);
  const waits: number[] = [];
  for (;;) {
    const outcome = await fixture.deliver(runId);
    if (outcome === 'finished') break;
    expect(outcome).toBe('waiting');
    const { dueAt } = await readRun(fixture.platform.store, customerId, runId);
    const waitMs = Date.parse(dueAt ?? '') - clock.now();
    waits.push(waitMs / 1_000);
    await clock.advance(waitMs);
  }
  const { store } = fixture.platform;
  const all = await readRunEntityTypes(store, customerId, runId);
  const rows = await store.scan(pushes, { prefix: { customerId, runId } });
  return {
    run: (await fixture.outcome(runId)).run,
    user: all.get('user'),
    category: all.get('category'),
    waits,
    pushed: Object.fromEntries(rows.map((row) => [row.recordId, row])),
  };
}

const writes = () =>
  fixture.school
    .requests()
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path}`);

describe('an upload', () => {
  test('takes many records in one request, is asked for without a worker that waits, and each record is verified', async () => {
    for (const id of ['u1', 'u2', 'u3', 'u4']) await edit('user', id, { familyName: `New ${id}` });
    await edit('user', 'u9', user);

    const { run: ended, user: counted, waits, pushed } = await run();

    expect(ended.state).toBe('succeeded');
    expect(counted?.counts).toMatchObject({ pushUpdated: 4, pushCreated: 1, pushFailed: 0 });
    expect(counted?.batch).toBeNull();
    // Three records in one, two in the other; each job is done when it is asked for the second time.
    expect(writes()).toEqual(['POST /uploads', 'POST /uploads']);
    expect(data().uploads.map(({ rows }) => rows.length)).toEqual([3, 2]);
    expect(waits).toEqual([20, 20, 20, 20]);
    expect(data().users.find(({ id }) => id === 'u4')).toMatchObject({ family: 'New u4' });
    expect(Object.values(pushed).map(({ state }) => state)).toEqual(Array(5).fill('accepted'));
    fixture.school.clearRequests();
    expect((await run()).run.state).toBe('succeeded');
    expect(writes()).toEqual([]);
  });

  test('deletes too, after what it writes', async () => {
    await edit('user', 'u1', { familyName: 'Ashby' });
    await edit('user', 'u5', null);

    const { user: counted } = await run();

    expect(counted?.counts).toMatchObject({ pushUpdated: 1, pushDeleted: 1 });
    expect(data().uploads.map(({ rows }) => rows.map(({ id }) => id))).toEqual([['u1'], ['u5']]);
    expect(data().users.map(({ id }) => id)).not.toContain('u5');
  });

  test('may be taken without some of its records: each has what the vendor said of it, and the others arrive', async () => {
    await edit('user', 'u1', { familyName: 'Ashby' });
    await edit('user', 'u2', { primaryOrgSourcedId: 'nowhere' });

    const { run: ended, user: counted, pushed } = await run();

    expect(ended.state).toBe('partial');
    expect(counted?.counts).toMatchObject({ pushUpdated: 1, pushFailed: 1 });
    expect(pushed.u1).toMatchObject({ state: 'accepted', failure: null });
    expect(pushed.u2).toMatchObject({
      state: 'refused',
      failure: { code: 'push_rejected', data: { answer: 'row 3: there is no school nowhere' } },
    });
    // It stays our change, and is tried again.
    expect((await ours()).u2).toMatchObject({ primaryOrgSourcedId: 'nowhere' });
    expect((await run()).pushed.u2?.state).toBe('refused');
  });

  test('says what records refer to as the vendor has it, read for all of them at once; one that cannot be said is refused alone', async () => {
    data().orgs.push({ id: 'o2', name: 'Elm' }, { id: 'o3', name: 'Ash, Beech' });
    await run();
    fixture.school.clearRequests();
    await edit('org', 'o2', { name: 'Renamed by us' });
    await edit('user', 'u1', { primaryOrgSourcedId: 'o2' });
    await edit('user', 'u2', { primaryOrgSourcedId: 'o2' });
    await edit('user', 'u3', { primaryOrgSourcedId: 'o3' });
    await edit('user', 'u4', { familyName: 'Ashby' });

    const { run: ended, user: counted, pushed } = await run();

    expect(ended.state).toBe('partial');
    expect(counted?.counts).toMatchObject({ pushUpdated: 3, pushFailed: 1 });
    expect(data().users.find(({ id }) => id === 'u2')).toMatchObject({ school: 'o2' });
    expect(data().uploads.flatMap(({ rows }) => rows.map(({ id }) => id))).toEqual(['u1', 'u2', 'u4']);
    expect(pushed.u3).toMatchObject({
      state: 'refused',
      failure: { code: 'push_rejected', data: { school: 'Ash, Beech' } },
    });
    // It stays our change.
    expect((await ours()).u3).toMatchObject({ primaryOrgSourcedId: 'o3' });
  });

  test('of which no record can be said is not sent, and nobody waits', async () => {
    await edit('user', 'u1', { familyName: 'Ash, Beech' });
    const { waits, pushed } = await run({ entityTypes: ['user'] });
    expect([waits, writes(), pushed.u1?.state]).toEqual([[], [], 'refused']);
  });

  test('counts as written where the vendor only grumbled', async () => {
    data().importHabits.add('warns');
    await edit('user', 'u1', { familyName: 'Ashby' });
    expect((await run()).pushed.u1).toMatchObject({ state: 'accepted', failure: null });
  });

  test('that is stopped as a whole leaves every record with what the vendor said', async () => {
    data().importHabits.add('works-late').add('aborts');
    await edit('user', 'u1', { familyName: 'Ashby' });
    await edit('user', 'u2', { familyName: 'Birch' });

    const { pushed } = await run();

    expect(Object.values(pushed)).toMatchObject(
      Array(2).fill({ state: 'refused', failure: { data: { answer: 'somebody stopped the upload' } } }),
    );
  });

  test('that the vendor refuses is refused for every record, with the exact answer, and nobody waits', async () => {
    data().importHabits.add('refuses');
    await edit('user', 'u1', { familyName: 'Ashby' });

    const { pushed, waits } = await run();

    expect(waits).toEqual([]);
    expect(pushed.u1).toMatchObject({ state: 'refused', failure: { code: 'push_rejected' } });
    expect(JSON.stringify(pushed.u1?.failure)).toContain('no uploads today');
  });

  test('of which the vendor has forgotten the job is judged by what is there', async () => {
    data().importHabits.add('forgets-jobs');
    await edit('user', 'u1', { familyName: 'Ashby' });
    expect((await run()).pushed.u1?.state).toBe('accepted');
    data().importHabits.add('works-late');
    await edit('user', 'u1', { familyName: 'Birch' });
    expect((await run()).pushed.u1).toMatchObject({
      state: 'refused',
      failure: { data: { answer: 'The vendor does not know the job any more' } },
    });
  });

  test('gives created records the ids that the vendor chose, though its answer does not name them', async () => {
    await edit('category', 'c-ours', category);
    await edit('category', 'c-other', { ...category, title: 'Quiz', weight: 2 });

    const { category: counted } = await run();

    expect(counted?.counts).toMatchObject({ pushCreated: 2, pushFailed: 0 });
    expect(await ours('category')).toEqual({
      'cat-1': { ...category, title: 'Quiz', weight: 2 },
      'cat-2': { ...category },
    });
    expect(await fixture.platform.store.scan(pendingCreates)).toEqual([]);
    expect((await run()).category?.counts).toMatchObject({ unchanged: 2, created: 0 });
  });

  test('finds a created record by what it is known by, though the vendor has changed the rest of it', async () => {
    data().importHabits.add('rounds-weights');
    await edit('category', 'c-ours', { ...category, weight: 2.5 });

    const { pushed } = await run();

    expect(pushed['c-ours']).toMatchObject({ state: 'unverified', assignedId: 'cat-1' });
    expect(pushed['c-ours']?.failure).toMatchObject({ data: { fields: ['/weight'] } });
    expect(Object.keys(await ours('category'))).toEqual(['cat-1']);
  });

  test('is not waited for where somebody asks for single records that can be written so', async () => {
    await edit('user', 'u1', { familyName: 'Ashby' });
    await edit('user', 'u9', user);

    const updated = await run({ entityTypes: ['user'], recordIds: ['u1'] });
    expect([updated.waits, updated.user?.counts.pushUpdated]).toEqual([[], 1]);
    const created = await run({ entityTypes: ['user'], recordIds: ['u9'] });
    expect([created.waits, created.user?.counts.pushCreated]).toEqual([[20, 20], 1]);
    expect(writes()).toEqual(['PUT /users/u1', 'POST /uploads']);
  });

  test('takes a run back too, where there is no other way', async () => {
    const before = structuredClone(data().users);
    await edit('user', 'u1', { familyName: 'Ashby' });
    await edit('user', 'u5', null);
    await edit('user', 'u9', user);
    await edit('category', 'c-ours', category);
    const first = await run();
    await clock.advance(1_000);
    fixture.school.clearRequests();

    const reverted = await run({ reverts: first.run.runId, method: 'runs.revert.v1' });

    expect(reverted.run.state).toBe('succeeded');
    expect(reverted.user?.counts).toMatchObject({ pushUpdated: 1, pushCreated: 1, pushDeleted: 1 });
    expect(data().users).toHaveLength(before.length);
    expect(data().users).toEqual(expect.arrayContaining(before));
    expect(data().categories).toEqual([]);
    expect(writes().toSorted()).toEqual(['POST /uploads', 'POST /uploads', 'POST /uploads', 'PUT /users/u1']);
  });

  test('shows how far it is, and ends the run if it is never done', async () => {
    data().importHabits.add('never-ends');
    await edit('user', 'u1', { familyName: 'Ashby' });
    const runId = await fixture.start();
    await fixture.deliver(runId);
    expect(await fixture.deliver(runId)).toBe('waiting');
    expect((await fixture.outcome(runId)).user?.batch).toMatchObject({ jobId: 'upload-1', percent: 50 });

    await clock.advance(25 * 3_600_000);
    expect(await fixture.deliver(runId)).toBe('finished');

    const { run: ended } = await fixture.outcome(runId);
    expect(ended).toMatchObject({ state: 'failed', failure: { code: 'vendor_unavailable' } });
    // What the vendor has done meanwhile is found by the next run.
    expect((await run()).run.state).toBe('succeeded');
  });

  test('is left to itself where another run comes in between: that one finds what it did', async () => {
    data().importHabits.add('works-late');
    await edit('user', 'u1', { familyName: 'Ashby' });
    const first = await fixture.start();
    await fixture.deliver(first);
    await clock.advance(3_600_000);
    data().importHabits.delete('works-late');

    expect((await run()).pushed.u1?.state).toBe('accepted');
    let outcome = await fixture.deliver(first);
    while (outcome !== 'finished') {
      await clock.advance(20_000);
      outcome = await fixture.deliver(first);
    }

    expect((await fixture.outcome(first)).run.state).toBe('succeeded');
    expect(data().uploads).toHaveLength(2);
  });
});
