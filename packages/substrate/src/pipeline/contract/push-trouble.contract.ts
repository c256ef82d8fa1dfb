import { describe, expect, test } from 'vitest';
import { baseOf } from '../plan/merge-staged.ts';
import { category, openGradebookSeat } from './gradebook-seat.contract.ts';
import type { PipelineSeat } from './pipeline-seat.contract.ts';

/** What becomes of changes on our side where the vendor, or a person at the same time, does otherwise. */
export function describePushTrouble(seat: PipelineSeat): void {
  const book = openGradebookSeat(seat);
  const { edit, remove, ours, pushes, writes } = book;
  const data = () => seat.fixture.school.data;
  const theirUser = (id: string) => data().users.find((one) => one.id === id);

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
