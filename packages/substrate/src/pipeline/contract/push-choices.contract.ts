import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../clock/clock.manual.ts';
import type { JsonValue } from '../../json/json-value.ts';
import { putConflicts } from '../../store/conflicts.ts';
import { baseOf } from '../plan/merge-staged.ts';
import { category, openGradebookSeat, user } from './gradebook-seat.contract.ts';
import type { PipelineSeat } from './pipeline-seat.contract.ts';

/** What the customer's choices and people's decisions make of our changes. */
export function describePushChoices(seat: PipelineSeat): void {
  const book = openGradebookSeat(seat);
  const { edit, remove, ours, pushes, writes } = book;
  const data = () => seat.fixture.school.data;
  const theirUser = (id: string) => data().users.find((one) => one.id === id);

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

  describe('where pushing is switched off', () => {
    test('nothing is written, what the vendor changes is taken, and ours waits until it is switched on', async () => {
      await book.begin({ steps: { push: false } });
      await edit('user', 'u1', { familyName: 'Ashby' });
      await edit('user', 'n1', user);
      await remove('user', 'u5');
      Object.assign(theirUser('u1') as object, { given: 'Una' });

      const { run } = await seat.fixture.sync();

      expect(run.state).toBe('succeeded');
      expect(writes()).toEqual([]);
      const { u1, u5, n1 } = await ours('user');
      expect(u1?.value).toMatchObject({ familyName: 'Ashby', givenName: 'Una' });
      expect(baseOf(u1)).toMatchObject({ familyName: 'Oakley', givenName: 'Una' });
      expect([u5?.value, n1?.value]).toEqual([null, user]);

      await seat.fixture.choose({ writeBack: ['user'] });
      expect((await seat.fixture.sync()).run.state).toBe('succeeded');
      expect(data().users.map(({ id }) => id)).toEqual(['u1', 'u2', 'u3', 'u4', 'n1']);
      expect(theirUser('u1')).toMatchObject({ family: 'Ashby', given: 'Una' });
    });

    test('a run looks at what waits only when something has changed there', async () => {
      const clock = createManualClock();
      await book.begin({ steps: { push: false } }, { clock });
      await edit('user', 'u1', { familyName: 'Ashby' });
      await clock.advance(1_000);
      await seat.fixture.sync();
      const before = await ours('user');

      const { user: counted } = await seat.fixture.sync();

      expect(counted?.counts).toMatchObject({ unchanged: 5, updated: 0 });
      expect(await ours('user')).toEqual(before);
    });
  });

  describe('an entity type that is not written back', () => {
    test('keeps our changes to itself', async () => {
      await book.begin({ writeBack: ['category'] });
      await edit('user', 'u1', { familyName: 'Ashby' });
      await edit('category', 'c-ours', category);

      await seat.fixture.sync();

      expect(writes().map(({ path }) => path)).toEqual(['/categories']);
      expect((await ours('user')).u1).toMatchObject({ value: { familyName: 'Ashby' } });
    });

    test('that the vendor cannot be written is no hindrance to others, though the customer chose it', async () => {
      await book.begin({ writeBack: ['org', 'user'] });
      await edit('org', 'o1', { name: 'Elm' });
      await edit('user', 'u1', { familyName: 'Ashby' });

      const { run } = await seat.fixture.sync();

      expect(run.state).toBe('succeeded');
      expect(writes().map(({ path }) => path)).toEqual(['/users/u1']);
      expect((await ours('org')).o1).toMatchObject({ value: { name: 'Elm' } });
    });

    test('an edit of a field that is always the vendor’s is undone by the next run', async () => {
      await book.begin({ writeBack: [], merge: { fields: { '/familyName': 'alwaysTheirs' } } });
      await edit('user', 'u1', { familyName: 'Ashby' });

      await seat.fixture.sync();

      expect((await ours('user')).u1).toMatchObject({ value: { familyName: 'Oakley' }, editedAt: null });
    });
  });

  describe('a member that the vendor does not take', () => {
    test('stays ours, and neither hinders nor repeats the writing of the others', async () => {
      await book.begin();
      await edit('user', 'u1', { pronouns: 'they/them', familyName: 'Ashby' });

      const first = await seat.fixture.sync();
      seat.fixture.school.clearRequests();
      const second = await seat.fixture.sync();

      expect([first.run.state, second.run.state]).toEqual(['succeeded', 'succeeded']);
      expect(theirUser('u1')).toEqual({ id: 'u1', given: 'Given 1', family: 'Ashby' });
      expect((await ours('user')).u1).toMatchObject({ value: { pronouns: 'they/them' } });
      expect(writes()).toEqual([]);
    });
  });

  describe('where pulling is switched off', () => {
    test('ours goes to the vendor and what the vendor has changed is not taken, again and again', async () => {
      await book.begin();
      await seat.fixture.choose({ writeBack: ['user'], steps: { pull: false } });
      Object.assign(theirUser('u1') as object, { given: 'Una' });
      data().users.push({ id: 'u6', given: 'Late', family: 'Comer' });
      for (const familyName of ['Ashby', 'Birch', 'Cedar']) {
        await edit('user', 'u1', { familyName });
        const { run } = await seat.fixture.sync();

        expect(run.state).toBe('succeeded');
        expect(theirUser('u1')).toMatchObject({ given: 'Una', family: familyName });
        expect((await ours('user')).u1).toMatchObject({ value: { givenName: 'Given 1', familyName } });
        expect(await book.conflicts()).toEqual([]);
      }
      expect(await ours('user')).not.toHaveProperty('u6');

      await seat.fixture.choose({ writeBack: ['user'] });
      await seat.fixture.sync();
      expect((await ours('user')).u1).toMatchObject({ value: { givenName: 'Una', familyName: 'Cedar' } });
      expect(await ours('user')).toHaveProperty('u6');
    });

    test('a record that was created gets its id, and may be edited again', async () => {
      await book.begin({ steps: { pull: false } });
      await edit('category', 'c-ours', category);
      await seat.fixture.sync();
      await edit('category', 'cat-1', { title: 'Reading' });

      const { run } = await seat.fixture.sync();

      expect(run.state).toBe('succeeded');
      expect(await book.conflicts()).toEqual([]);
      expect(data().categories).toMatchObject([{ id: 'cat-1', title: 'Reading' }]);
      expect((await ours('category'))['cat-1']?.value).toEqual({ ...category, title: 'Reading' });
    });
  });

  describe('where nothing is stored', () => {
    test('ours is written once, and the next run finds it there', async () => {
      await book.begin();
      await seat.fixture.choose({ writeBack: ['user'], steps: { persist: false } });
      await edit('user', 'u1', { familyName: 'Ashby' });
      Object.assign(theirUser('u2') as object, { given: 'Una' });
      const before = await ours('user');

      const first = await seat.fixture.sync();
      const second = await seat.fixture.sync();

      expect([first.run.state, second.run.state]).toEqual(['succeeded', 'succeeded']);
      expect(writes()).toHaveLength(1);
      expect(await pushes(first.run.runId)).toMatchObject([{ recordId: 'u1', state: 'accepted' }]);
      expect(await ours('user')).toEqual(before);
      expect(await book.changesOf(first.run.runId)).toEqual([]);
    });
  });

  describe('a conflict that a person has decided', () => {
    async function disagree(): Promise<void> {
      await book.begin();
      await edit('user', 'u1', { familyName: 'Ours' });
      Object.assign(theirUser('u1') as object, { family: 'Theirs', given: 'Una' });
      await seat.fixture.sync();
      expect(writes()).toEqual([]);
    }

    test.each([
      ['for a value of its own', { value: 'Third' }, 'Third'],
      ['for ours', 'ours', 'Ours'],
      ['for theirs', 'theirs', 'Theirs'],
    ] as const)(
      '%s is the same on both sides afterwards, and is not found again',
      async (_what, choice, family) => {
        await disagree();
        await decide(choice);

        const { run } = await seat.fixture.sync();
        seat.fixture.school.clearRequests();
        const next = await seat.fixture.sync();

        expect([run.state, next.run.state]).toEqual(['succeeded', 'succeeded']);
        expect(theirUser('u1')).toMatchObject({ family, given: 'Una' });
        const value = { familyName: family, givenName: 'Una' };
        expect((await ours('user')).u1).toMatchObject({ value, editedAt: null, openConflicts: 0 });
        expect(await book.conflicts()).toMatchObject([{ state: 'resolved', endedByRunId: run.runId }]);
        expect(await book.changesOf(run.runId)).toMatchObject([{ recordId: 'u1', after: value }]);
        expect(writes()).toEqual([]);
      },
    );

    test('names the decision as the rule behind the change', async () => {
      await disagree();
      await decide({ value: 'Third' });

      const { run } = await seat.fixture.sync();

      expect(await book.changesOf(run.runId)).toMatchObject([
        { rules: [{ pointer: '/familyName', rule: expect.stringContaining('decision') }] },
      ]);
    });

    test('and then edited while the write is under way keeps the edit', async () => {
      await disagree();
      await decide({ value: 'Third' });
      const worker = book.around({
        async after({ method }) {
          if (method === 'PUT') await edit('user', 'u1', { email: 'one@school.example' });
        },
      });

      await seat.fixture.sync(worker);
      await seat.fixture.sync();

      expect(theirUser('u1')).toMatchObject({ family: 'Third', mail: 'one@school.example' });
      expect((await ours('user')).u1).toMatchObject({ value: { familyName: 'Third' }, editedAt: null });
    });
  });

  describe('a change of the settings', () => {
    test('that makes records be recognised by another hash is no change of any record', async () => {
      await book.begin();
      const before = await seat.allChanges();
      await seat.fixture.choose({ writeBack: ['user'], merge: { volatile: ['/givenName'] } });

      const { run, user: counted } = await seat.fixture.sync();

      expect(run.state).toBe('succeeded');
      expect(counted?.counts).toMatchObject({ updated: 0, pushUpdated: 0 });
      expect(await seat.allChanges()).toEqual(before);
    });
  });
}
