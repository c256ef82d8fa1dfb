import { describe, expect, test } from 'vitest';

import type { PipelineSeat } from './pipeline-seat.contract.ts';

/** What a sync leaves behind. */
export function describeSync(seat: PipelineSeat): void {
  describe('a sync', () => {
    test('stores every record and one change for each, and ends as succeeded', async () => {
      const { run, org, user } = await seat.fixture.sync();

      expect(run.state).toBe('succeeded');
      expect(org).toMatchObject({ stage: 'done', counts: { received: 1, created: 1 } });
      expect(user).toMatchObject({ stage: 'done', pages: 3, counts: { received: 5, created: 5 } });
      expect((await seat.storedUsers()).map((row) => row.recordId)).toEqual(['u1', 'u2', 'u3', 'u4', 'u5']);
      expect((await seat.allChanges()).map(({ sequence, action }) => [sequence, action])).toEqual(
        [1, 2, 3, 4, 5, 6].map((sequence) => [sequence, 'create']),
      );
      expect(run.lastSequence).toBe(6);
    });

    test('writes no record and no change when nothing changed', async () => {
      await seat.fixture.sync();
      const before = await seat.storedUsers();

      const { run, user } = await seat.fixture.sync();

      expect(run).toMatchObject({ state: 'succeeded', firstSequence: 6, lastSequence: 6 });
      expect(user?.counts).toMatchObject({ received: 5, unchanged: 5, created: 0, updated: 0, deleted: 0 });
      // `updatedAt` is the commit's time: it would have moved.
      expect(await seat.storedUsers()).toEqual(before);
      expect(await seat.allChanges()).toHaveLength(6);
    });

    test('does not call a record changed when only a volatile member moved', async () => {
      await seat.fixture.sync();
      seat.fixture.school.data.users[0] = {
        ...seat.fixture.school.data.users[0],
        touched: '2026-01-01T00:00:00Z',
      };

      const { user } = await seat.fixture.sync();

      expect(user?.counts).toMatchObject({ unchanged: 5, updated: 0 });
    });

    test('updates, creates and deletes what the vendor did, with before-images', async () => {
      await seat.fixture.sync();
      const { users } = seat.fixture.school.data;
      users[0] = { ...users[0], family: 'Ashby' };
      users.splice(1, 1);
      users.push({ id: 'u9', given: 'New', family: 'Comer' });

      const { run, user } = await seat.fixture.sync();

      expect(user?.counts).toMatchObject({ created: 1, updated: 1, deleted: 1, unchanged: 3 });
      const changes = (await seat.allChanges()).filter((change) => change.runId === run.runId);
      expect(changes.map(({ action, recordId }) => [action, recordId])).toEqual([
        ['update', 'u1'],
        ['delete', 'u2'],
        ['create', 'u9'],
      ]);
      expect(changes[0]).toMatchObject({
        before: { familyName: 'Oakley' },
        after: { familyName: 'Ashby' },
      });
      expect(changes[1]).toMatchObject({ before: { givenName: 'Given 2' }, after: null });
    });

    test('deletes a record that the vendor marks as deleted, and does not mind one that it never had', async () => {
      await seat.fixture.sync();
      const { users } = seat.fixture.school.data;
      users[0] = { ...users[0], gone: true };
      users.push({ id: 'u8', given: 'Never', family: 'Seen', gone: true });

      const { user } = await seat.fixture.sync();

      expect(user?.counts).toMatchObject({ withdrawn: 2, deleted: 1, created: 0 });
      expect((await seat.storedUsers()).map((row) => row.recordId)).toEqual(['u2', 'u3', 'u4', 'u5']);
    });

    test('starts once for one idempotency key', async () => {
      expect(await seat.fixture.start('tonight')).toBe(await seat.fixture.start('tonight'));
      expect(await seat.fixture.start('tomorrow')).not.toBe(await seat.fixture.start('tonight'));
    });
  });
}
