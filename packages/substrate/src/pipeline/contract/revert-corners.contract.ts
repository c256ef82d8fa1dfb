import { describe, expect, test } from 'vitest';
import { systemClock } from '../../clock/clock.system.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { putConflicts } from '../../store/conflicts.ts';
import { putIntegration } from '../../store/integrations.ts';
import { stagedRecords } from '../../store/staged-records.ts';
import type { RunWorker } from '../parts.ts';
import { owner } from '../pipeline.fixture.ts';
import { decideRun } from '../run/decide-run.ts';
import { startRun } from '../run/start-run.ts';
import { category, lineItem, openGradebookSeat, result, user } from './gradebook-seat.contract.ts';
import type { PipelineSeat } from './pipeline-seat.contract.ts';

/** What taking a run back comes to where records are many, have moved, wait for a decision, or the run was no ordinary one. */
export function describeRevertCorners(seat: PipelineSeat): void {
  const book = openGradebookSeat(seat);
  const { edit, remove, ours, writes } = book;
  const data = () => seat.fixture.school.data;
  const theirUser = (id: string) => data().users.find((one) => one.id === id);
  const revert = (reverts: string, worker: Partial<RunWorker> = {}) =>
    seat.fixture.sync(worker, { reverts, method: 'runs.revert.v1' });
  const values = async (entityType: string) =>
    Object.fromEntries(Object.entries(await ours(entityType)).map(([id, { value }]) => [id, value]));

  async function decide(choice: 'ours' | 'theirs' | { readonly value: JsonValue }): Promise<void> {
    const decision = { choice, reason: null, decidedBy: 'test', decidedAt: '2026-01-01T00:00:00.000Z' };
    const open = (await book.conflicts()).filter(({ state }) => state === 'open');
    expect(open).not.toEqual([]);
    await seat.fixture.platform.store.transaction(async (transaction) =>
      putConflicts(
        transaction,
        open.map((row) => ({ ...row, state: 'decided', decision, version: row.version + 1 })),
      ),
    );
  }

  describe('a run with records that the vendor gave ids, taken back', () => {
    async function writeThree() {
      await book.begin();
      await edit('category', 'c-ours', category);
      await edit('lineItem', 'l-ours', lineItem);
      await edit('result', 'r-ours', result);
      return (await seat.fixture.sync()).run.runId;
    }

    test('comes back with that, and goes once more, as often as it is asked for', async () => {
      let runId = await writeThree();
      for (let times = 0; times < 2; times++) {
        const gone = await revert(runId);
        expect(gone.run.state).toBe('succeeded');
        expect([data().categories, data().items, data().scores]).toEqual([[], [], []]);
        expect(await values('category')).toEqual({});

        const back = await revert(gone.run.runId);
        expect(back.run.state).toBe('succeeded');
        expect([data().categories, data().items, data().scores]).toMatchObject([
          [{ title: 'Homework' }],
          [{ title: 'Essay', category: data().categories[0]?.id }],
          [{ points: 87.5, item: data().items[0]?.id }],
        ]);
        expect(Object.keys(await ours('lineItem'))).toEqual([data().items[0]?.id]);
        runId = back.run.runId;
      }
    });

    test('is in step after it: the next run writes nothing, here or there', async () => {
      const runId = await writeThree();
      const gone = await revert(runId);
      await revert(gone.run.runId);
      seat.fixture.school.clearRequests();
      const changes = await seat.allChanges();

      const { run } = await seat.fixture.sync();

      expect(run.state).toBe('succeeded');
      expect(writes()).toEqual([]);
      expect(await seat.allChanges()).toEqual(changes);
    });

    test('a second time finds nothing to do, though what it had deleted stands under other ids now', async () => {
      await writeThree();
      await remove('result', 'score-3');
      await remove('lineItem', 'item-2');
      const { run } = await seat.fixture.sync();
      expect((await revert(run.runId)).run.state).toBe('succeeded');
      const before = [data().items, data().scores].map((list) => list.map((one) => ({ ...one })));
      seat.fixture.school.clearRequests();

      const again = await revert(run.runId);

      expect(again.run.failure).toBeNull();
      expect(again.run.state).toBe('succeeded');
      expect(writes()).toEqual([]);
      expect([data().items, data().scores]).toEqual(before);
      expect(await book.changesOf(again.run.runId)).toEqual([]);
    });

    test('may be an earlier one: its changes are found under the ids of today', async () => {
      await writeThree();
      await edit('category', 'cat-1', { title: 'Reading' });
      const renamed = await seat.fixture.sync();
      await remove('result', 'score-3');
      await remove('lineItem', 'item-2');
      await remove('category', 'cat-1');
      const deleted = await seat.fixture.sync();
      await revert(deleted.run.runId);
      expect(data().categories).toMatchObject([{ title: 'Reading' }]);

      const reverted = await revert(renamed.run.runId);

      expect(reverted.run.state).toBe('succeeded');
      expect(data().categories).toMatchObject([{ title: 'Homework' }]);
      expect(Object.values(await values('category'))).toMatchObject([{ title: 'Homework' }]);
    });

    test('and one that exchanged an id of ours for the vendor’s is no change of somebody else’s', async () => {
      await writeThree();
      await edit('category', 'c-more', { ...category, title: 'Tests' });
      await seat.fixture.sync();
      // By the id that we gave it.
      await edit('lineItem', 'item-2', { categorySourcedId: 'c-more' });
      const { run } = await seat.fixture.sync();
      expect(data().items).toMatchObject([{ category: 'cat-4' }]);

      const reverted = await revert(run.runId);

      expect(reverted.run.failure).toBeNull();
      expect(reverted.run.state).toBe('succeeded');
      expect(data().items).toMatchObject([{ category: 'cat-1' }]);
    });
  });

  describe('a run that made something of a conflict, taken back', () => {
    test('by a value that was neither side’s, is taken back on both', async () => {
      await book.begin();
      await edit('user', 'u1', { familyName: 'Ours' });
      Object.assign(theirUser('u1') as object, { family: 'Theirs' });
      await seat.fixture.sync();
      await decide({ value: 'Third' });
      const { run } = await seat.fixture.sync();
      expect([theirUser('u1')?.family, (await values('user')).u1?.familyName]).toEqual(['Third', 'Third']);

      const reverted = await revert(run.runId);

      expect(reverted.run.failure).toBeNull();
      expect(reverted.run.state).toBe('succeeded');
      const now = (await values('user')).u1?.familyName;
      expect(['Ours', 'Theirs']).toContain(now);
      expect(theirUser('u1')?.family).toBe(now);
    });

    test('leaves a record that waits for a decision about another field waiting, and takes its own field back', async () => {
      await book.begin();
      Object.assign(theirUser('u1') as object, { mail: 'one@school.example' });
      const { run } = await seat.fixture.sync();
      await edit('user', 'u1', { familyName: 'Ours' });
      Object.assign(theirUser('u1') as object, { family: 'Theirs' });
      await seat.fixture.sync();
      expect(await book.conflicts()).toMatchObject([{ state: 'open', pointer: '/familyName' }]);

      const reverted = await revert(run.runId);

      expect(reverted.run.state).toBe('succeeded');
      const { u1 } = await ours('user');
      expect(u1?.value).toMatchObject({ familyName: 'Ours' });
      expect(u1?.value).not.toHaveProperty('email');
      expect(u1?.openConflicts).toBe(1);
      expect(await book.conflicts()).toMatchObject([{ state: 'open', pointer: '/familyName' }]);
      expect(theirUser('u1')).toMatchObject({ family: 'Theirs', mail: 'one@school.example' });

      await decide('ours');
      await seat.fixture.sync();
      expect(theirUser('u1')).toEqual({ id: 'u1', given: 'Given 1', family: 'Ours' });
    });

    test('keeps what the vendor has changed in the same field meanwhile, unfetched, as a conflict', async () => {
      await book.begin();
      Object.assign(theirUser('u1') as object, { family: 'Birch' });
      const { run } = await seat.fixture.sync();
      Object.assign(theirUser('u1') as object, { family: 'Cedar' });

      const reverted = await revert(run.runId);

      expect(reverted.user?.counts).toMatchObject({ updated: 1, pushUpdated: 0, conflicted: 1 });
      expect(theirUser('u1')).toMatchObject({ family: 'Cedar' });
      expect(await book.conflicts()).toMatchObject([{ state: 'open', pointer: '/familyName' }]);
      expect((await seat.fixture.sync()).run.state).toBe('succeeded');
      expect(await book.conflicts()).toHaveLength(1);
    });
  });

  describe('members that do not count as changes', () => {
    const touched = (day: number) => `2026-09-0${day}T00:00:00Z`;

    test('are no change since, and come to rest with the rest', async () => {
      await book.begin();
      Object.assign(theirUser('u1') as object, { family: 'Birch', touched: touched(2) });
      const { run } = await seat.fixture.sync();
      Object.assign(theirUser('u1') as object, { touched: touched(3) });
      await seat.fixture.sync();

      const reverted = await revert(run.runId);

      expect(reverted.run.failure).toBeNull();
      expect(theirUser('u1')).toMatchObject({ family: 'Oakley' });
      seat.fixture.school.clearRequests();
      const next = await seat.fixture.sync();
      expect(next.user?.counts).toMatchObject({ unchanged: 5, updated: 0 });
      expect(writes()).toEqual([]);
      expect((await ours('user')).u1).toMatchObject({ editedAt: null });
    });
  });

  describe('the runs that are refused', () => {
    const why = async (runId: string) => (await revert(runId)).run.failure;

    test('are held ones, rejected ones, and those of another integration', async () => {
      await book.begin({ limits: { toOurs: { delete: { percent: 0, floor: 0 } } } });
      data().users.pop();
      const runId = await seat.fixture.start();
      while ((await seat.fixture.outcome(runId)).run.state !== 'held') await seat.fixture.deliver(runId);
      expect(await why(runId)).toMatchObject({ code: 'invalid_params', data: { runId, state: 'held' } });
      const { customerId } = owner;
      await decideRun(seat.fixture.worker, { customerId, runId, decision: 'rejected', by: 'head@oak' });
      expect(await why(runId)).toMatchObject({ code: 'invalid_params', data: { state: 'rejected' } });

      const { store } = seat.fixture.platform;
      const other = { customerId, integrationId: 'other' };
      await store.transaction(async (transaction) =>
        putIntegration(
          transaction,
          { ...other, vendor: 'paper-school', state: 'active', connection: {}, settings: {} },
          true,
        ),
      );
      const foreign = await startRun(seat.fixture.worker, {
        ...other,
        context: 'manual',
        method: 'rosters.sync.v1',
        entityTypes: [],
      });
      expect(await why(foreign.runId)).toMatchObject({
        code: 'invalid_params',
        data: { problem: expect.stringContaining('integration') },
      });
    });

    test('leave nothing behind', async () => {
      await book.begin();
      const { run } = await seat.fixture.sync({}, { isDryRun: true });
      const before = [await seat.allChanges(), await ours('user')];
      await why(run.runId);
      expect([await seat.allChanges(), await ours('user')]).toEqual(before);
      expect(await seat.fixture.platform.store.scan(stagedRecords)).toEqual([]);
      expect((await seat.fixture.sync()).run.state).toBe('succeeded');
    });
  });

  describe('many records', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, n): JsonObject => ({ id: `m${n}`, given: 'Late', family: 'Comer' }));

    /** One slice, which is told to hand over with its nth commit. */
    function deliverBriefly(runId: string, commits: number) {
      let left = commits;
      const { worker } = seat.fixture;
      const brief: RunWorker = {
        ...worker,
        clock: { ...worker.clock, now: () => worker.clock.now() + (left > 0 ? 0 : worker.sliceMs) },
        store: {
          ...worker.store,
          async transaction(body) {
            const answer = await worker.store.transaction(body);
            left--;
            return answer;
          },
        },
      };
      return seat.fixture.deliver(runId, { worker: brief });
    }

    test('are taken back over several pages and slices, each once', async () => {
      // A clock that goes: so many requests are more than a moment's.
      await book.begin({ writeBack: [] }, { clock: systemClock });
      const before = await values('user');
      data().users.push(...many(260));
      const { run } = await seat.fixture.sync();
      const runId = await seat.fixture.start({ reverts: run.runId });

      let slices = 1;
      while ((await deliverBriefly(runId, 3)) !== 'finished') slices++;

      expect(slices).toBeGreaterThan(2);
      const { run: reverted, user: counted } = await seat.fixture.outcome(runId);
      expect(reverted.state).toBe('succeeded');
      expect(counted?.counts).toMatchObject({ received: 260, deleted: 260, unchanged: 0, conflicted: 0 });
      expect(await book.changesOf(runId)).toHaveLength(260);
      const now = await values('user');
      expect(Object.entries(now).filter(([, value]) => value !== null)).toEqual(Object.entries(before));
    }, 120_000);

    test('are taken back at the vendor too, a few at a time, and those that it refuses are counted once', async () => {
      await book.begin({}, { clock: systemClock });
      data().users.push(...many(60));
      const { run } = await seat.fixture.sync();
      data().categories.push({ id: 'cat-9', title: 'Tests' });
      data().items.push({
        id: 'item-9',
        title: 'Quiz',
        from: '2026-09-01T00:00:00Z',
        due: '2026-09-02T00:00:00Z',
        category: 'cat-9',
        class: 'k1',
      });
      data().scores.push({ id: 'score-9', item: 'item-9', student: 'm7', on: '2026-09-03' });
      const runId = await seat.fixture.start({ reverts: run.runId });

      let slices = 1;
      while ((await deliverBriefly(runId, 4)) !== 'finished') slices++;

      expect(slices).toBeGreaterThan(3);
      const { run: reverted, user: counted } = await seat.fixture.outcome(runId);
      expect(reverted.state).toBe('partial');
      expect(counted?.counts).toMatchObject({ received: 60, deleted: 60, pushDeleted: 59, pushFailed: 1 });
      expect(data().users.map(({ id }) => id)).toEqual(['u1', 'u2', 'u3', 'u4', 'u5', 'm7']);
    });
  });

  describe('what a run made, named by what came since', () => {
    test('stays at the vendor with the refusal, and the rest is taken back', async () => {
      await book.begin();
      await edit('user', 'n1', user);
      await edit('category', 'c-ours', category);
      const { run } = await seat.fixture.sync();
      await edit('lineItem', 'l-ours', lineItem);
      await seat.fixture.sync();

      const reverted = await revert(run.runId);

      expect(reverted.run.state).toBe('partial');
      expect(theirUser('n1')).toBeUndefined();
      expect(data().categories).toHaveLength(1);
      expect(await book.pushes(reverted.run.runId)).toMatchObject([
        { recordId: 'cat-1', state: 'refused', failure: { data: { status: 422 } } },
        { recordId: 'n1', state: 'accepted' },
      ]);
    });
  });
}
