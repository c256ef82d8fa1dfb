import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../clock/clock.manual.ts';
import type { JsonObject } from '../../json/json-value.ts';
import type { RunWorker } from '../parts.ts';
import { category, lineItem, openGradebookSeat, result, user } from './gradebook-seat.contract.ts';
import type { PipelineSeat } from './pipeline-seat.contract.ts';

/** What becomes of a run that is taken back. */
export function describeRevert(seat: PipelineSeat): void {
  const book = openGradebookSeat(seat);
  const { edit, remove, ours, pushes, writes } = book;
  const data = () => seat.fixture.school.data;
  const theirUser = (id: string) => data().users.find((one) => one.id === id);
  const revert = (reverts: string, worker?: RunWorker) =>
    seat.fixture.sync(worker, { reverts, method: 'runs.revert.v1' });
  const values = async (entityType: string) =>
    Object.fromEntries(Object.entries(await ours(entityType)).map(([id, { value }]) => [id, value]));

  /** The vendor updates, deletes and creates a user each. */
  async function takeTheirs() {
    Object.assign(theirUser('u1') as object, { family: 'Birch', mail: 'one@school.example' });
    data().users.splice(1, 1);
    data().users.push({ id: 'u6', given: 'Late', family: 'Comer' });
    return await seat.fixture.sync();
  }

  describe('taking back a run that took over what the vendor had changed', () => {
    test('leaves ours as it was, keeps it so, and writes nothing where nothing is written back', async () => {
      await book.begin({ writeBack: [] });
      const before = await values('user');
      const { run } = await takeTheirs();

      const reverted = await revert(run.runId);

      expect(reverted.run).toMatchObject({ state: 'succeeded', reverts: run.runId });
      expect(reverted.user?.counts).toMatchObject({ received: 3, created: 1, updated: 1, deleted: 1 });
      expect(await values('user')).toEqual({ ...before, u6: null });
      const changes = await book.changesOf(reverted.run.runId);
      expect(changes.map(({ action, recordId }) => [action, recordId])).toEqual([
        ['update', 'u1'],
        ['create', 'u2'],
        ['delete', 'u6'],
      ]);
      expect(changes[0]?.rules).toEqual([{ pointer: '', rule: `taken back from run ${run.runId}` }]);
      expect(writes()).toEqual([]);

      await seat.fixture.sync();
      expect(await values('user')).toEqual({ ...before, u6: null });
    });

    test('takes it back at the vendor too, where that is written back, and after it all is in step', async () => {
      await book.begin();
      const before = await values('user');
      const { run } = await takeTheirs();

      const reverted = await revert(run.runId);

      expect(reverted.run.state).toBe('succeeded');
      expect(reverted.user?.counts).toMatchObject({ pushCreated: 1, pushUpdated: 1, pushDeleted: 1 });
      expect(
        data()
          .users.map(({ id }) => id as string)
          .toSorted(),
      ).toEqual(['u1', 'u2', 'u3', 'u4', 'u5']);
      expect(theirUser('u1')).toEqual({ id: 'u1', given: 'Given 1', family: 'Oakley' });
      // The vendor gives a user that is created anew a login.
      expect(await values('user')).toEqual({ ...before, u2: { ...before.u2, username: 'given 2.oakley' } });
      seat.fixture.school.clearRequests();
      const next = await seat.fixture.sync();
      expect(next.user?.counts).toMatchObject({ unchanged: 5, updated: 0, created: 0, deleted: 0 });
      expect(writes()).toEqual([]);
    });

    test('leaves alone what was changed in other fields since', async () => {
      await book.begin({ writeBack: [] });
      const { run } = await takeTheirs();
      await edit('user', 'u1', { givenName: 'Una' });
      Object.assign(theirUser('u3') as object, { family: 'Cedar' });
      await seat.fixture.sync();

      const reverted = await revert(run.runId);

      expect(reverted.run.state).toBe('succeeded');
      const { u1, u3 } = await values('user');
      expect(u1).toMatchObject({ givenName: 'Una', familyName: 'Oakley' });
      expect(u1).not.toHaveProperty('email');
      expect(u3).toMatchObject({ familyName: 'Cedar' });
    });
  });

  describe('taking back a run that wrote to the vendor', () => {
    test('undoes what it updated, created and deleted there, and the edits that it carried', async () => {
      await book.begin();
      const before = await values('user');
      await edit('user', 'u1', { familyName: 'Ashby' });
      await edit('user', 'n1', user);
      await remove('user', 'u5');
      const { run } = await seat.fixture.sync();

      const reverted = await revert(run.runId);

      expect(reverted.run.state).toBe('succeeded');
      expect(theirUser('u1')).toEqual({ id: 'u1', given: 'Given 1', family: 'Oakley' });
      expect(theirUser('n1')).toBeUndefined();
      expect(theirUser('u5')).toMatchObject({ given: 'Given 5', family: 'Oakley' });
      expect(await values('user')).toEqual({ ...before, u5: { ...before.u5, username: 'given 5.oakley' } });
    });

    test('takes back what it took over in the same records', async () => {
      await book.begin();
      await edit('user', 'u1', { familyName: 'Ashby', pronouns: 'they/them' });
      Object.assign(theirUser('u1') as object, { mail: 'one@school.example' });
      const { run } = await seat.fixture.sync();

      await revert(run.runId);

      const { u1 } = await values('user');
      expect(u1).toMatchObject({ familyName: 'Oakley', pronouns: 'they/them' });
      expect(u1).not.toHaveProperty('email');
      expect(theirUser('u1')).toEqual({ id: 'u1', given: 'Given 1', family: 'Oakley' });
    });

    test('deletes what it created under ids of the vendor, last things first, and brings nothing back in their place', async () => {
      await book.begin();
      await edit('category', 'c-ours', category);
      await edit('lineItem', 'l-ours', lineItem);
      await edit('result', 'r-ours', result);
      const { run } = await seat.fixture.sync();
      seat.fixture.school.clearRequests();

      const reverted = await revert(run.runId);

      expect(reverted.run.state).toBe('succeeded');
      expect(writes().map(({ method, path }) => `${method} ${path}`)).toEqual([
        'DELETE /scores/score-3',
        'DELETE /items/item-2',
        'DELETE /categories/cat-1',
      ]);
      for (const entityType of ['category', 'lineItem', 'result'])
        expect(await values(entityType)).toEqual({});
    });

    test('creates anew what it deleted, with what named it, under other ids of the vendor', async () => {
      await book.begin();
      await edit('category', 'c-ours', category);
      await edit('lineItem', 'l-ours', lineItem);
      await seat.fixture.sync();
      await remove('lineItem', 'item-2');
      await remove('category', 'cat-1');
      const { run } = await seat.fixture.sync();
      expect(data().categories).toEqual([]);

      const reverted = await revert(run.runId);

      expect(reverted.run.state).toBe('succeeded');
      expect(data().categories).toEqual([{ id: 'cat-3', title: 'Homework', weight: 1 }]);
      expect(data().items).toMatchObject([{ id: 'item-4', category: 'cat-3' }]);
      expect(await values('lineItem')).toMatchObject({ 'item-4': { categorySourcedId: 'cat-3' } });
    });

    test('leaves what the vendor refused to it', async () => {
      await book.begin();
      await edit('user', 'u1', { primaryOrgSourcedId: 'nowhere' });
      await edit('user', 'u2', { familyName: 'Ashby' });
      const { run } = await seat.fixture.sync();

      await revert(run.runId);

      expect(await values('user')).toMatchObject({
        u1: { primaryOrgSourcedId: 'nowhere' },
        u2: { familyName: 'Oakley' },
      });
    });

    test('is tried again by the next run, where the vendor refuses the undoing', async () => {
      await book.begin();
      await edit('user', 'u1', { familyName: 'Ashby' });
      const { run } = await seat.fixture.sync();
      seat.fixture.school.addFault('PUT /users/u1: 422');

      const reverted = await revert(run.runId);
      const next = await seat.fixture.sync();

      expect(reverted.run.state).toBe('partial');
      expect(await pushes(reverted.run.runId)).toMatchObject([{ state: 'refused' }]);
      expect(next.run.state).toBe('succeeded');
      expect(theirUser('u1')).toMatchObject({ family: 'Oakley' });
    });
  });

  describe('taking back a run whose changes were changed again', () => {
    test('is refused as a whole, and names record, field and who changed it', async () => {
      await book.begin();
      const { run } = await takeTheirs();
      Object.assign(theirUser('u1') as object, { family: 'Cedar', given: 'Una' });
      const later = await seat.fixture.sync();
      await edit('user', 'u6', { familyName: 'Edited' });
      const before = [await ours('user'), data().users.map((one) => ({ ...one }))];

      const { run: refused } = await revert(run.runId);

      expect(refused).toMatchObject({
        state: 'failed',
        failure: {
          code: 'revert_refused',
          data: {
            runId: run.runId,
            records: [
              { entityType: 'user', recordId: 'u1', fields: ['/familyName'], changedBy: [later.run.runId] },
              { entityType: 'user', recordId: 'u6', fields: [''], changedBy: ['edit'] },
            ],
          },
        },
      });
      expect([await ours('user'), data().users]).toEqual(before);
      expect(await book.changesOf(refused.runId)).toEqual([]);
    });

    test('names twenty records and says how many more there are', async () => {
      await book.begin();
      data().users.push(
        ...Array.from(
          { length: 23 },
          (_, n): JsonObject => ({ id: `x${n}`, given: 'Late', family: 'Comer' }),
        ),
      );
      const { run } = await seat.fixture.sync();
      for (let n = 0; n < 23; n++) await edit('user', `x${n}`, { familyName: 'Edited' });

      const { run: refused } = await revert(run.runId);

      expect(refused.failure?.data).toMatchObject({ more: 3 });
      expect(refused.failure?.data.records).toHaveLength(20);
    });

    test('is possible once the later run was taken back', async () => {
      await book.begin();
      const before = await values('user');
      Object.assign(theirUser('u1') as object, { family: 'Birch' });
      const first = await seat.fixture.sync();
      Object.assign(theirUser('u1') as object, { family: 'Cedar' });
      const second = await seat.fixture.sync();

      expect((await revert(first.run.runId)).run.state).toBe('failed');
      expect((await revert(second.run.runId)).run.state).toBe('succeeded');
      expect((await values('user')).u1).toMatchObject({ familyName: 'Birch' });
      expect((await revert(first.run.runId)).run.state).toBe('succeeded');
      expect(await values('user')).toEqual(before);
      expect(theirUser('u1')).toMatchObject({ family: 'Oakley' });
    });

    test('spares a record that somebody edits while the rest is being taken back, and names it', async () => {
      await book.begin({ writeBack: [] });
      const { run } = await takeTheirs();
      let commits = 0;
      const worker: RunWorker = {
        ...seat.fixture.worker,
        store: {
          ...seat.fixture.worker.store,
          // All is judged by then, and nothing taken back.
          async transaction(body) {
            const result = await seat.fixture.worker.store.transaction(body);
            const progress = await seat.fixture.outcome(runIds.at(-1) ?? run.runId);
            if (progress.user?.stage === 'planned' && commits++ === 0)
              await edit('user', 'u1', { familyName: 'Edited' });
            return result;
          },
        },
      };
      const runIds: string[] = [];
      runIds.push(await seat.fixture.start({ reverts: run.runId }));
      while ((await seat.fixture.deliver(runIds[0] as string, { worker })) !== 'finished');

      const reverted = await seat.fixture.outcome(runIds[0] as string);
      expect(reverted.run.state).toBe('partial');
      expect(reverted.user).toMatchObject({
        counts: { conflicted: 1, created: 1, deleted: 1 },
        failure: { code: 'revert_refused', data: { records: [{ recordId: 'u1', changedBy: ['edit'] }] } },
      });
      expect((await values('user')).u1).toMatchObject({ familyName: 'Edited' });
    });
  });

  describe('taking back', () => {
    test('a run once more finds nothing to do, and says so', async () => {
      await book.begin();
      const { run } = await takeTheirs();
      await revert(run.runId);
      seat.fixture.school.clearRequests();
      const changes = await seat.allChanges();

      const again = await revert(run.runId);

      expect(again.run.state).toBe('succeeded');
      expect(again.user?.counts).toMatchObject({
        received: 3,
        unchanged: 3,
        created: 0,
        updated: 0,
        deleted: 0,
      });
      expect(await seat.allChanges()).toEqual(changes);
      expect(seat.fixture.school.requests()).toEqual([]);
    });

    test('the taking back brings the run’s changes again', async () => {
      await book.begin();
      const { run } = await takeTheirs();
      const after = await values('user');
      const reverted = await revert(run.runId);

      const { run: restored } = await revert(reverted.run.runId);

      expect(restored.state).toBe('succeeded');
      expect(await values('user')).toEqual({ ...after, u6: { ...after.u6, username: 'late.comer' } });
      expect(theirUser('u1')).toMatchObject({ family: 'Birch', mail: 'one@school.example' });
    });

    test('a conflict that a person had decided puts ours back, and tells the vendor', async () => {
      await book.begin({ merge: { fields: { '/familyName': 'resolveTheirs' } } });
      await edit('user', 'u1', { familyName: 'Ours', givenName: 'Una' });
      Object.assign(theirUser('u1') as object, { family: 'Theirs' });
      const { run } = await seat.fixture.sync();

      const reverted = await revert(run.runId);

      expect(reverted.run.state).toBe('succeeded');
      expect((await values('user')).u1).toMatchObject({ familyName: 'Ours', givenName: 'Given 1' });
      expect(theirUser('u1')).toMatchObject({ family: 'Ours', given: 'Given 1' });
    });

    test('a run that changed nothing, a dry one, one that is not over or is not there fails and says why', async () => {
      await book.begin();
      await edit('user', 'u1', { familyName: 'Ashby' });
      const dry = await seat.fixture.sync({}, { isDryRun: true });
      const open = await seat.fixture.start();
      const why = async (runId: string) => (await revert(runId)).run.failure?.data.problem;

      expect(await why(dry.run.runId)).toContain('dry run');
      expect(await why(open)).toContain('not over');
      while ((await seat.fixture.deliver(open)) !== 'finished');
      const idle = await seat.fixture.sync();
      expect(await why(idle.run.runId)).toContain('changed nothing');
      expect((await revert('nowhere')).run.failure).toMatchObject({ code: 'not_found' });
    });

    test('is handed over from slice to slice, and comes to the same', async () => {
      const clock = createManualClock();
      await book.begin({}, { clock });
      const before = await values('user');
      const { run } = await takeTheirs();
      const runId = await seat.fixture.start({ reverts: run.runId });

      let slices = 0;
      const worker = { ...seat.fixture.worker, sliceMs: 10 };
      // Each commit takes a slice's time.
      const slow: RunWorker = {
        ...worker,
        store: {
          ...worker.store,
          async transaction(body) {
            const answer = await worker.store.transaction(body);
            await clock.advance(11);
            return answer;
          },
        },
      };
      while ((await seat.fixture.deliver(runId, { worker: slow })) !== 'finished') slices++;

      expect(slices).toBeGreaterThan(5);
      const { run: reverted, user: counted } = await seat.fixture.outcome(runId);
      expect(reverted.state).toBe('succeeded');
      expect(counted?.counts).toMatchObject({
        received: 3,
        created: 1,
        // The one that is created anew gets a login besides.
        updated: 2,
        deleted: 1,
        pushDeleted: 1,
      });
      expect(Object.keys(await values('user'))).toEqual(Object.keys(before));
    });
  });
}
