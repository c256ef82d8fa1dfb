import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../json/json-value.ts';
import { leases } from '../../store/leases.ts';
import { editRecord, type RecordEdit } from '../edit-record.ts';
import type { RunWorker } from '../parts.ts';
import { owner } from '../pipeline.fixture.ts';
import { baseOf } from '../plan/merge-staged.ts';
import { category, openGradebookSeat, user } from './gradebook-seat.contract.ts';
import type { PipelineSeat } from './pipeline-seat.contract.ts';

/** What people and programs do to our side, outside of any run. */
export function describeEdits(seat: PipelineSeat, stride = 1): void {
  const book = openGradebookSeat(seat);
  const { edit, remove, ours } = book;
  const data = () => seat.fixture.school.data;
  const theirUser = (id: string) => data().users.find((one) => one.id === id);
  const attempt = (asked: Partial<RecordEdit>) =>
    editRecord(seat.fixture.worker, {
      ...owner,
      entityType: 'user',
      recordId: 'u1',
      value: user,
      runId: 'edit',
      ...asked,
    });

  describe('an edit of our side', () => {
    test('moves the version, keeps base, and is a change like any other', async () => {
      await book.begin();
      const before = (await ours('user')).u1?.value;

      const edited = await edit('user', 'u1', { familyName: 'Ashby' });

      expect(edited).toEqual({ recordId: 'u1', version: 2, changed: true, before });
      const { u1 } = await ours('user');
      expect(u1).toMatchObject({ value: { familyName: 'Ashby' }, version: 2, editedAt: expect.any(String) });
      expect(baseOf(u1)).toEqual(before);
      const changes = await seat.allChanges();
      expect(changes.at(-1)).toMatchObject({
        sequence: changes.length,
        runId: 'edit',
        recordId: 'u1',
        action: 'update',
        before: { familyName: 'Oakley' },
        after: { familyName: 'Ashby' },
      });
    });

    test('creates a record of our own, and needs no run to have been before', async () => {
      const edited = await attempt({ recordId: 'n1', ifVersion: 0 });

      expect(edited).toMatchObject({ version: 1, changed: true, before: null });
      expect((await ours('user')).n1).toMatchObject({ value: user, baseHash: null, version: 1 });
      const [lease] = await seat.fixture.platform.store.scan(leases);
      expect(lease).toMatchObject({ runId: null, lastSequence: 1 });
      expect(await seat.allChanges()).toMatchObject([{ sequence: 1, action: 'create' }]);
    });

    test('that brings back what the vendor has is no difference any more', async () => {
      await book.begin();
      await edit('user', 'u1', { familyName: 'Ashby' });
      await edit('user', 'u1', { familyName: 'Oakley' });

      expect((await ours('user')).u1).toMatchObject({ version: 3, base: null, editedAt: null });
      await seat.fixture.sync();
      expect(book.writes()).toEqual([]);
    });

    test('that changes nothing, or volatile members only, moves nothing', async () => {
      await book.begin();
      const before = [await ours('user'), await seat.allChanges()];

      const same = await edit('user', 'u1', {});
      const touched = await edit('user', 'u1', { dateLastModified: '2026-01-01T00:00:00Z' });

      expect([same.changed, touched.changed]).toEqual([false, false]);
      expect(touched.version).toBe(1);
      expect([await ours('user'), await seat.allChanges()]).toEqual(before);
    });

    test('deletes, and what the vendor has stays base until the vendor is told', async () => {
      await book.begin();

      const edited = await remove('user', 'u1');

      expect(edited).toMatchObject({ version: 2, changed: true });
      const { u1 } = await ours('user');
      expect(u1).toMatchObject({ value: null, hash: null });
      expect(baseOf(u1)).toMatchObject({ familyName: 'Oakley' });
      await expect(remove('user', 'u1')).rejects.toMatchObject({ code: 'not_found' });
      expect(await attempt({ ifVersion: 0 })).toMatchObject({ version: 3, before: null });
    });

    test('on another version than the editor saw is refused, and says which there is', async () => {
      await book.begin();
      await edit('user', 'u1', { familyName: 'Ashby' });

      for (const [ifVersion, recordId, found] of [
        [1, 'u1', 2],
        [0, 'u1', 2],
        [1, 'nobody', 0],
      ] as const) {
        await expect(attempt({ ifVersion, recordId })).rejects.toMatchObject({
          code: 'stale_version',
          data: { recordId, expected: ifVersion, found },
        });
      }
      expect(await attempt({ ifVersion: 2 })).toMatchObject({ version: 3 });
    });

    test('by two at once who saw the same version is one edit and one refusal', async () => {
      await book.begin();

      const both = await Promise.allSettled(
        ['Ashby', 'Birch'].map((familyName) => attempt({ value: { ...user, familyName }, ifVersion: 1 })),
      );

      expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      const refused = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
      expect(refused.reason).toMatchObject({ code: 'stale_version' });
    });

    test.each([
      ['a member that no such record has', { value: { ...user, colour: 'red' } as JsonObject }, ''],
      [
        'a member of the wrong kind',
        { value: { ...user, enabledUser: 'yes' } as JsonObject },
        '/enabledUser',
      ],
    ])('with %s is refused, and names it', async (_what, asked, pointer) => {
      await book.begin();
      const before = await ours('user');

      await expect(attempt(asked)).rejects.toMatchObject({
        code: 'invalid_params',
        data: { issues: [{ pointer }] },
      });
      expect(await ours('user')).toEqual(before);
    });

    test.each([
      ['an unknown entity type', { entityType: 'pupil' }, 'invalid_params'],
      ['an id that cannot be kept', { recordId: 'x'.repeat(256) }, 'invalid_params'],
      ["another customer's integration", { customerId: 'shelbyville' }, 'not_found'],
      ['nothing to delete', { recordId: 'nobody', value: null }, 'not_found'],
    ])('with %s is refused', async (_what, asked, code) => {
      await book.begin();
      await expect(attempt(asked)).rejects.toMatchObject({ code });
    });

    test('that deletes what waits for a decision, and that the vendor never had from us, ends the wait', async () => {
      await book.begin();
      await edit('user', 'n1', user);
      data().users.push({ id: 'n1', given: 'Their', family: 'Own' });
      await seat.fixture.sync();
      expect((await ours('user')).n1).toMatchObject({ openConflicts: 2 });

      await remove('user', 'n1');

      expect((await book.conflicts()).map(({ state }) => state)).toEqual(['obsolete', 'obsolete']);
      await seat.fixture.sync();
      expect((await ours('user')).n1).toMatchObject({ value: { givenName: 'Their' }, openConflicts: 0 });
    });

    test('is committed with what its caller adds, or not at all', async () => {
      await book.begin();
      const before = await ours('user');

      await expect(
        editRecord(
          seat.fixture.worker,
          { ...owner, entityType: 'user', recordId: 'u1', value: null, runId: 'edit' },
          () => {
            throw new Error('no audit, no edit');
          },
        ),
      ).rejects.toThrow('no audit');

      expect(await ours('user')).toEqual(before);
    });
  });

  describe('an edit while a run is under way', () => {
    /** A worker before whose nth commit something happens. */
    function interrupt(nth: number, happen: () => Promise<unknown>): RunWorker {
      const { worker } = seat.fixture;
      let commits = 0;
      return {
        ...worker,
        store: {
          ...worker.store,
          async transaction(body) {
            if (++commits === nth) await happen();
            return await worker.store.transaction(body);
          },
        },
      };
    }

    test('at whatever moment is neither lost nor written over', async () => {
      await book.begin();
      let nth = 1;
      for (let isOver = false; !isOver; nth += stride) {
        const at = `edited before commit ${nth}`;
        const ourId = `c-${nth}`;
        await edit('user', 'u1', { familyName: `Ashby ${nth}` });
        await edit('category', ourId, category);
        Object.assign(theirUser('u1') as object, { mail: `${nth}@school.example` });
        Object.assign(theirUser('u2') as object, { family: `Birch ${nth}` });
        isOver = true;
        const worker = interrupt(nth, async () => {
          isOver = false;
          await edit('user', 'u1', { givenName: `Una ${nth}` });
          await edit('user', 'u2', { givenName: `Due ${nth}` });
          const stored = await ours('category');
          const { value } = stored[ourId] ?? stored[`cat-${(nth - 1) / stride + 1}`] ?? {};
          const title = `Reading ${nth}`;
          await attempt({ entityType: 'category', recordId: ourId, value: { ...value, title } });
        });

        const asked = { entityTypes: ['user', 'category'] } as const;
        await seat.fixture.sync(worker, asked);
        if (isOver) break;
        const { run } = await seat.fixture.sync({}, asked);

        expect(run.state, at).toBe('succeeded');
        expect(await book.conflicts(), at).toEqual([]);
        const [u1, u2] = [theirUser('u1'), theirUser('u2')];
        const mail = `${nth}@school.example`;
        expect(u1, at).toMatchObject({ given: `Una ${nth}`, family: `Ashby ${nth}`, mail });
        expect(u2, at).toMatchObject({ given: `Due ${nth}`, family: `Birch ${nth}` });
        const titles = data().categories.map(({ title }) => title);
        expect(titles.slice(-2), at).toEqual([
          ...(nth > 1 ? [`Reading ${nth - stride}`] : []),
          `Reading ${nth}`,
        ]);
        const edited = Object.values({ ...(await ours('user')), ...(await ours('category')) });
        expect(
          edited.filter(({ editedAt }) => editedAt !== null),
          at,
        ).toEqual([]);
        // The lists stay short: what is gone there goes here with the next run.
        data().categories.splice(0, titles.length - 1);
      }
      expect(nth).toBeGreaterThan(15);
      const sequences = (await seat.allChanges()).map(({ sequence }) => sequence);
      expect(sequences).toEqual(sequences.map((_, index) => index + 1));
    }, 120_000);
  });
}
