import { describe, expect, test } from 'vitest';
import { category, lineItem, openGradebookSeat, result, user } from './gradebook-seat.contract.ts';
import type { PipelineSeat } from './pipeline-seat.contract.ts';

/** What becomes of changes on our side, where they go to the vendor. */
export function describePush(seat: PipelineSeat): void {
  const book = openGradebookSeat(seat);
  const { edit, remove, ours, pushes, writes } = book;
  const data = () => seat.fixture.school.data;
  const theirUser = (id: string) => data().users.find((one) => one.id === id);

  describe('a change of ours', () => {
    test('is written to the vendor, read again, and then both sides and base are the same', async () => {
      await book.begin();
      await edit('user', 'u2', { familyName: 'Ashby' });

      const { run, user: counted } = await seat.fixture.sync();

      expect(run.state).toBe('succeeded');
      expect(counted?.counts).toMatchObject({ pushUpdated: 1, updated: 0, unchanged: 4 });
      expect(theirUser('u2')).toMatchObject({ given: 'Given 2', family: 'Ashby' });
      const { u2 } = await ours('user');
      expect(u2).toMatchObject({ value: { familyName: 'Ashby' }, base: null, editedAt: null, version: 2 });
      expect(u2?.hash).toBe(u2?.baseHash);
      expect(await pushes(run.runId)).toMatchObject([
        { recordId: 'u2', action: 'update', state: 'accepted', before: { familyName: 'Oakley' } },
      ]);
    });

    test('creates a record under our id, and what the vendor adds to it comes back', async () => {
      await book.begin();
      await edit('user', 'n1', user);

      const { run, user: counted } = await seat.fixture.sync();

      expect(counted?.counts).toMatchObject({ pushCreated: 1, updated: 1, created: 0 });
      expect(theirUser('n1')).toEqual({ id: 'n1', given: 'New', family: 'Comer', login: 'new.comer' });
      expect((await ours('user')).n1).toMatchObject({ value: { username: 'new.comer' }, editedAt: null });
      expect(await book.changesOf(run.runId)).toMatchObject([
        { recordId: 'n1', action: 'update', before: user, after: { ...user, username: 'new.comer' } },
      ]);
    });

    test('deletes a record there, and then it is gone on both sides', async () => {
      await book.begin();
      await remove('user', 'u3');

      const { run, user: counted } = await seat.fixture.sync();

      expect(run.state).toBe('succeeded');
      expect(counted?.counts).toMatchObject({ pushDeleted: 1, deleted: 0 });
      expect(theirUser('u3')).toBeUndefined();
      expect((await ours('user')).u3).toBeUndefined();
    });

    test('and one of the vendor to other fields of the same record both arrive', async () => {
      await book.begin();
      await edit('user', 'u1', { familyName: 'Ashby' });
      Object.assign(theirUser('u1') as object, { mail: 'one@school.example' });

      const { run, user: counted } = await seat.fixture.sync();

      expect(counted?.counts).toMatchObject({ pushUpdated: 1, updated: 1, conflicted: 0 });
      const both = { familyName: 'Ashby', email: 'one@school.example' };
      expect((await ours('user')).u1).toMatchObject({ value: both, editedAt: null });
      expect(theirUser('u1')).toMatchObject({ family: 'Ashby', mail: 'one@school.example' });
      expect(await book.changesOf(run.runId)).toMatchObject([{ recordId: 'u1', after: both }]);
    });

    test('is looked at once: the next run writes nothing, here or there', async () => {
      await book.begin();
      await edit('user', 'u2', { familyName: 'Ashby' });
      await edit('category', 'c-ours', category);
      await edit('lineItem', 'l-ours', lineItem);
      await remove('user', 'u5');
      await seat.fixture.sync();
      const before = [await ours('user'), await ours('category'), await ours('lineItem')];
      const changes = await seat.allChanges();
      seat.fixture.school.clearRequests();

      const { run, user: counted } = await seat.fixture.sync();

      expect(run.state).toBe('succeeded');
      expect(counted?.counts).toMatchObject({ received: 4, unchanged: 4, pushUpdated: 0, agreed: 0 });
      expect(writes()).toEqual([]);
      // `updatedAt` would have moved.
      expect([await ours('user'), await ours('category'), await ours('lineItem')]).toEqual(before);
      expect(await seat.allChanges()).toEqual(changes);
      expect(await pushes(run.runId)).toEqual([]);
    });

    test('that both sides made alike is written nowhere', async () => {
      await book.begin();
      await edit('user', 'u2', { familyName: 'Ashby' });
      Object.assign(theirUser('u2') as object, { family: 'Ashby' });

      const { user: counted } = await seat.fixture.sync();

      expect(counted?.counts).toMatchObject({ agreed: 1, pushUpdated: 0, updated: 0 });
      expect(writes()).toEqual([]);
      expect((await ours('user')).u2).toMatchObject({ editedAt: null });
    });
  });

  describe('a record whose id the vendor gives', () => {
    test('goes by that id from then on, and everything that names it does too', async () => {
      await book.begin();
      await edit('category', 'c-ours', category);
      await edit('lineItem', 'l-ours', lineItem);
      await edit('result', 'r-ours', result);

      const { run } = await seat.fixture.sync();

      expect(run.state).toBe('succeeded');
      const { categories, items, scores } = data();
      expect(categories).toEqual([{ id: 'cat-1', title: 'Homework', weight: 1 }]);
      expect(items).toMatchObject([{ id: 'item-2', category: 'cat-1' }]);
      expect(scores).toMatchObject([{ id: 'score-3', item: 'item-2', student: 'u1', points: 87.5 }]);
      expect(await ours('category')).toMatchObject({ 'cat-1': { value: { weight: 1 }, editedAt: null } });
      expect(Object.keys(await ours('category'))).toEqual(['cat-1']);
      expect(await ours('lineItem')).toMatchObject({ 'item-2': { value: { categorySourcedId: 'cat-1' } } });
      expect(await ours('result')).toMatchObject({ 'score-3': { value: { lineItemSourcedId: 'item-2' } } });
      expect(await pushes(run.runId)).toMatchObject([
        { recordId: 'c-ours', action: 'create', state: 'accepted', assignedId: 'cat-1' },
        { recordId: 'l-ours', assignedId: 'item-2' },
        { recordId: 'r-ours', assignedId: 'score-3' },
      ]);
    });

    test('tells whoever follows the changes that the one became the other', async () => {
      await book.begin();
      await edit('category', 'c-ours', category);

      const { run } = await seat.fixture.sync();

      expect(await book.changesOf(run.runId)).toMatchObject([
        { recordId: 'c-ours', action: 'delete', before: category, after: null },
        { recordId: 'cat-1', action: 'create', before: null, after: { ...category, weight: 1 } },
      ]);
    });

    test('is found under the id that we gave it: an edit of that one makes no second record', async () => {
      await book.begin();
      await edit('category', 'c-ours', category);
      await seat.fixture.sync();

      const edited = await edit('category', 'c-ours', { ...category, title: 'Reading', weight: 1 });
      await seat.fixture.sync();

      expect(edited.recordId).toBe('cat-1');
      expect(data().categories).toEqual([{ id: 'cat-1', title: 'Reading', weight: 1 }]);
    });

    test('may be named in a later edit by the id that we gave it', async () => {
      await book.begin();
      await edit('category', 'c-ours', category);
      await seat.fixture.sync();
      await edit('lineItem', 'l-ours', lineItem);

      const { run } = await seat.fixture.sync();

      expect(run.state).toBe('succeeded');
      expect(data().items).toMatchObject([{ category: 'cat-1' }]);
      expect(await ours('lineItem')).toMatchObject({ 'item-2': { value: { categorySourcedId: 'cat-1' } } });
    });

    test('is not created while nothing may be stored, since its id would be lost', async () => {
      await book.begin({ steps: { persist: false } });
      await edit('category', 'c-ours', category);

      const { run } = await seat.fixture.sync();

      expect(run.state).toBe('partial');
      expect(data().categories).toEqual([]);
      expect(await pushes(run.runId)).toMatchObject([
        { state: 'refused', failure: { code: 'push_rejected' } },
      ]);
    });
  });

  describe('what is deleted on our side', () => {
    test('goes at the vendor after everything that names it', async () => {
      await book.begin();
      await edit('category', 'c-ours', category);
      await edit('lineItem', 'l-ours', lineItem);
      await edit('result', 'r-ours', result);
      await seat.fixture.sync();
      seat.fixture.school.clearRequests();
      await remove('category', 'cat-1');
      await remove('lineItem', 'item-2');
      await remove('result', 'score-3');
      await remove('user', 'u1');

      const { run } = await seat.fixture.sync();

      expect(run.state).toBe('succeeded');
      expect(writes().map(({ method, path }) => `${method} ${path}`)).toEqual([
        'DELETE /scores/score-3',
        'DELETE /items/item-2',
        'DELETE /categories/cat-1',
        'DELETE /users/u1',
      ]);
      expect([data().categories, data().items, data().scores]).toEqual([[], [], []]);
    });

    test('and is still in use there stays there, with the refusal, until it is free', async () => {
      await book.begin();
      data().categories.push({ id: 'cat-9', title: 'Tests' });
      data().items.push({
        id: 'item-9',
        title: 'Quiz',
        from: '2026-09-01T00:00:00Z',
        due: '2026-09-02T00:00:00Z',
        category: 'cat-9',
        class: 'k1',
      });
      data().categories.push({ id: 'cat-8', title: 'Reading' });
      data().items.push({ ...data().items[0], id: 'item-8', category: 'cat-8' });
      await seat.fixture.sync();
      await remove('category', 'cat-9');

      const refused = await seat.fixture.sync();
      data().items.shift();
      const accepted = await seat.fixture.sync();

      expect(refused.run.state).toBe('partial');
      expect(await pushes(refused.run.runId)).toMatchObject([
        {
          action: 'delete',
          state: 'refused',
          failure: {
            code: 'push_rejected',
            data: { status: 422, excerpt: '{"error":"it is still in use","usedBy":"item-9"}' },
          },
        },
      ]);
      expect(accepted.run.state).toBe('succeeded');
      expect(data().categories).toMatchObject([{ id: 'cat-8' }]);
      expect(Object.keys(await ours('category'))).toEqual(['cat-8']);
    });

    test('and was never at the vendor is simply gone', async () => {
      await book.begin();
      await edit('category', 'c-ours', category);
      await remove('category', 'c-ours');

      expect(await ours('category')).toEqual({});
      await seat.fixture.sync();
      expect(writes()).toEqual([]);
    });

    test('and was deleted there too is no news', async () => {
      await book.begin();
      await remove('user', 'u4');
      data().users.splice(3, 1);

      const { run } = await seat.fixture.sync();

      expect(run.state).toBe('succeeded');
      expect(writes()).toEqual([]);
      expect((await ours('user')).u4).toBeUndefined();
    });
  });
}
