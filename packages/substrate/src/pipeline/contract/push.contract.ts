import { describe, expect, test } from 'vitest';
import { baseOf } from '../plan/merge-staged.ts';
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

  describe('a write that the vendor refuses', () => {
    test("keeps the vendor's exact answer, leaves ours as it is, holds up no other, and is tried again", async () => {
      await book.begin();
      await edit('user', 'u1', { primaryOrgSourcedId: 'nowhere' });
      await edit('user', 'u2', { familyName: 'Ashby' });

      const first = await seat.fixture.sync();
      const second = await seat.fixture.sync();

      for (const { run, user: counted } of [first, second]) {
        expect(run.state).toBe('partial');
        expect(counted?.counts.pushFailed).toBe(1);
        const refused = (await pushes(run.runId)).find(({ state }) => state === 'refused');
        expect(refused).toMatchObject({
          recordId: 'u1',
          failure: {
            code: 'push_rejected',
            data: {
              status: 422,
              excerpt: '{"error":"unknown reference","field":"school","found":"nowhere"}',
            },
          },
        });
      }
      expect(theirUser('u2')).toMatchObject({ family: 'Ashby' });
      expect(theirUser('u1')).not.toHaveProperty('school');
      const { u1 } = await ours('user');
      expect(u1).toMatchObject({ value: { primaryOrgSourcedId: 'nowhere' }, version: 2 });
      expect(baseOf(u1)).not.toHaveProperty('primaryOrgSourcedId');

      data().orgs.push({ id: 'nowhere', name: 'Nowhere' });
      expect((await seat.fixture.sync()).run.state).toBe('succeeded');
      expect(theirUser('u1')).toMatchObject({ school: 'nowhere' });
    });

    test('because it does not take such records says so', async () => {
      await book.begin();
      seat.fixture.school.addFault('PUT /users/u1: 405');
      await edit('user', 'u1', { familyName: 'Ashby' });

      const { run } = await seat.fixture.sync();

      expect(run.state).toBe('partial');
      expect(await pushes(run.runId)).toMatchObject([
        { state: 'refused', failure: { data: { status: 405 } } },
      ]);
    });

    test('for want of rights is that record’s affair, and the credentials are not blamed', async () => {
      await book.begin();
      seat.fixture.school.addFault('PUT /users/u1: 403');
      await edit('user', 'u1', { familyName: 'Ashby' });
      await edit('user', 'u2', { familyName: 'Ashby' });

      const { run } = await seat.fixture.sync();

      expect(run.state).toBe('partial');
      expect((await pushes(run.runId)).map(({ state }) => state)).toEqual(['refused', 'accepted']);
    });
  });

  describe('a write that the vendor accepts and does not keep', () => {
    test('because it ignores a field is called unverified, and tried again', async () => {
      await book.begin();
      data().habits.add('ignores-mail');
      await edit('user', 'u1', { email: 'one@school.example', familyName: 'Ashby' });

      const { run } = await seat.fixture.sync();

      expect(run.state).toBe('partial');
      expect(await pushes(run.runId)).toMatchObject([
        { state: 'unverified', failure: { code: 'push_rejected', data: { fields: ['/email'] } } },
      ]);
      const { u1 } = await ours('user');
      expect(u1?.value).toMatchObject({ email: 'one@school.example' });
      expect(baseOf(u1)).toMatchObject({ familyName: 'Ashby' });
      expect(await book.conflicts()).toEqual([]);

      data().habits.clear();
      expect((await seat.fixture.sync()).run.state).toBe('succeeded');
      expect(theirUser('u1')).toMatchObject({ mail: 'one@school.example' });
    });

    test('because it rounds a number is a conflict that a person decides', async () => {
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
      data().scores.push({ id: 'score-9', item: 'item-9', student: 'u1', on: '2026-09-09', points: 50 });
      await seat.fixture.sync();
      data().habits.add('rounds-points');
      await edit('result', 'score-9', { score: 87.25 });

      const { run } = await seat.fixture.sync();

      expect(run.state).toBe('partial');
      expect(await pushes(run.runId)).toMatchObject([
        { state: 'unverified', failure: { data: { fields: ['/score'] } } },
      ]);
      expect(await book.conflicts()).toMatchObject([
        {
          recordId: 'score-9',
          pointer: '/score',
          state: 'open',
          sides: { base: 50, ours: 87.25, theirs: 87 },
        },
      ]);
      expect((await ours('result'))['score-9']).toMatchObject({ value: { score: 87.25 }, openConflicts: 1 });
    });

    test('because it forgets to delete is called unverified', async () => {
      await book.begin();
      data().habits.add('forgets-deletions');
      await remove('user', 'u5');

      const { run } = await seat.fixture.sync();

      expect(run.state).toBe('partial');
      expect(await pushes(run.runId)).toMatchObject([{ action: 'delete', state: 'unverified' }]);
      expect((await ours('user')).u5).toMatchObject({ value: null });
    });
  });

  describe('a vendor that changes a record between the fetch and the write', () => {
    test('loses nothing by it, where it changed another field', async () => {
      await book.begin();
      await edit('user', 'u1', { familyName: 'Ashby' });
      const worker = book.around({
        before({ method, path }) {
          if (method === 'GET' && path === '/users/u1')
            Object.assign(theirUser('u1') as object, { mail: 'new@school.example' });
        },
      });

      const { run } = await seat.fixture.sync(worker);

      expect(run.state).toBe('succeeded');
      expect(theirUser('u1')).toMatchObject({ family: 'Ashby', mail: 'new@school.example' });
      expect((await ours('user')).u1).toMatchObject({
        value: { familyName: 'Ashby', email: 'new@school.example' },
        editedAt: null,
      });
    });

    test('is not overwritten where it changed the same field: that is a conflict', async () => {
      await book.begin();
      await edit('user', 'u1', { familyName: 'Ashby' });
      const worker = book.around({
        before({ method, path }) {
          if (method === 'GET' && path === '/users/u1')
            Object.assign(theirUser('u1') as object, { family: 'Birch' });
        },
      });

      const { user: counted } = await seat.fixture.sync(worker);

      expect(counted?.counts).toMatchObject({ conflicted: 1, pushUpdated: 0 });
      expect(writes()).toEqual([]);
      expect(theirUser('u1')).toMatchObject({ family: 'Birch' });
      expect(await book.conflicts()).toMatchObject([
        { sides: { base: 'Oakley', ours: 'Ashby', theirs: 'Birch' } },
      ]);
    });

    test('and deletes it there is asked before it is created anew', async () => {
      await book.begin();
      await edit('user', 'u1', { familyName: 'Ashby' });
      const worker = book.around({
        before({ method, path }) {
          if (method === 'GET' && path === '/users/u1') data().users.shift();
        },
      });

      await seat.fixture.sync(worker);

      expect(writes()).toEqual([]);
      expect(await book.conflicts()).toMatchObject([{ pointer: '', kind: 'delete/modify' }]);
    });
  });

  describe('an edit of ours while a write is under way', () => {
    const cases = [
      ['the same field', { familyName: 'Cedar' }, { family: 'Cedar' }],
      ['another field', { givenName: 'Una' }, { family: 'Ashby', given: 'Una' }],
      ['the field back to what it was', { familyName: 'Oakley' }, { family: 'Oakley' }],
    ] as const;
    for (const [what, members, theirs] of cases) {
      test.each(['before', 'after'] as const)(
        `of ${what}, %s the vendor took it, arrives in the next run`,
        async (moment) => {
          await book.begin();
          await edit('user', 'u1', { familyName: 'Ashby' });
          let isEdited = false;
          const happen = async ({ method }: { method: string }) => {
            if (method !== 'PUT' || isEdited) return;
            isEdited = true;
            await edit('user', 'u1', members);
          };
          const first = await seat.fixture.sync(book.around({ [moment]: happen }));

          expect(first.run.state).toBe('succeeded');
          expect(await pushes(first.run.runId)).toMatchObject([{ state: 'accepted' }]);
          expect((await ours('user')).u1).toMatchObject({ value: members });
          expect(await book.conflicts()).toEqual([]);
          await seat.fixture.sync();

          expect(theirUser('u1')).toMatchObject({ given: 'Given 1', ...theirs });
          expect((await ours('user')).u1).toMatchObject({ value: members, editedAt: null });
        },
      );
    }

    test('that deletes the record deletes it at the vendor in the next run', async () => {
      await book.begin();
      await edit('user', 'u1', { familyName: 'Ashby' });
      await edit('category', 'c-ours', category);
      const worker = book.around({
        async after({ method, path }) {
          if (method === 'PUT') await remove('user', 'u1');
          if (method === 'POST' && path === '/categories') await remove('category', 'c-ours');
        },
      });

      await seat.fixture.sync(worker);

      expect((await ours('user')).u1).toMatchObject({ value: null });
      expect(await ours('category')).toMatchObject({ 'cat-1': { value: null } });
      const { run } = await seat.fixture.sync();
      expect(run.state).toBe('succeeded');
      expect(theirUser('u1')).toBeUndefined();
      expect(data().categories).toEqual([]);
      expect(await ours('category')).toEqual({});
    });

    test('of a record that is being created goes with it to its new id', async () => {
      await book.begin();
      await edit('category', 'c-ours', category);
      const worker = book.around({
        async after({ method }) {
          if (method === 'POST') await edit('category', 'c-ours', { title: 'Reading' });
        },
      });

      await seat.fixture.sync(worker);
      expect(await ours('category')).toMatchObject({ 'cat-1': { value: { title: 'Reading', weight: 1 } } });
      await seat.fixture.sync();

      expect(data().categories).toEqual([{ id: 'cat-1', title: 'Reading', weight: 1 }]);
    });

    test('of a field that the vendor has changed as well is a conflict, not lost', async () => {
      await book.begin();
      await edit('user', 'u1', { familyName: 'Ashby' });
      Object.assign(theirUser('u1') as object, { given: 'Theirs' });
      const worker = book.around({
        async after({ method }) {
          if (method === 'PUT') await edit('user', 'u1', { givenName: 'Ours' });
        },
      });

      await seat.fixture.sync(worker);

      expect(await book.conflicts()).toMatchObject([
        { pointer: '/givenName', sides: { base: 'Given 1', ours: 'Ours', theirs: 'Theirs' } },
      ]);
      expect((await ours('user')).u1).toMatchObject({ value: { familyName: 'Ashby', givenName: 'Ours' } });
      expect(theirUser('u1')).toMatchObject({ family: 'Ashby', given: 'Theirs' });
    });
  });
}
