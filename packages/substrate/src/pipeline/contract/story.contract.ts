import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../clock/clock.manual.ts';
import { putConflicts } from '../../store/conflicts.ts';
import { listPlannedChanges } from '../../store/planned-changes.ts';
import { owner } from '../pipeline.fixture.ts';
import { decideRun } from '../run/decide-run.ts';
import { category, lineItem, openGradebookSeat } from './gradebook-seat.contract.ts';
import type { PipelineSeat } from './pipeline-seat.contract.ts';

/** Everything that a run reads from the store and writes to it, each once, on the way of one integration through some nights. */
export function describeStory(seat: PipelineSeat): void {
  const book = openGradebookSeat(seat);
  const { edit, ours } = book;
  const data = () => seat.fixture.school.data;
  const theirUser = (id: string) => data().users.find((one) => one.id === id) as object;
  const states = async () =>
    (await book.conflicts()).map(({ recordId, pointer, state }) => [recordId, pointer, state]);

  describe('some nights of one integration', () => {
    test('edits on both sides meet, a person decides where they clash, and what we made goes by the id that it was given', async () => {
      const clock = createManualClock();
      await book.begin({}, { clock });
      await edit('user', 'u1', { givenName: 'Una' });
      Object.assign(theirUser('u1'), { family: 'Ashby' });
      await edit('user', 'u2', { familyName: 'Birch' });
      Object.assign(theirUser('u2'), { family: 'Beech' });
      await edit('category', 'c-ours', category);
      await edit('lineItem', 'l-ours', lineItem);

      const first = await seat.fixture.sync();

      expect(first.run.state).toBe('succeeded');
      expect(theirUser('u1')).toMatchObject({ given: 'Una', family: 'Ashby' });
      expect((await ours('user')).u1?.value).toMatchObject({ givenName: 'Una', familyName: 'Ashby' });
      expect(await states()).toEqual([['u2', '/familyName', 'open']]);
      const [made] = data().categories.slice(-1);
      expect((await ours('category'))['c-ours']).toBeUndefined();
      const items = Object.values(await ours('lineItem'));
      expect(items.map(({ value }) => value?.categorySourcedId)).toEqual([made?.id]);
      expect((await book.pushes(first.run.runId)).map(({ state }) => state)).toEqual([
        'accepted',
        'accepted',
        'accepted',
      ]);

      await seat.fixture.platform.store.transaction(async (transaction) =>
        putConflicts(
          transaction,
          (await book.conflicts()).map((row) => ({
            ...row,
            state: 'decided' as const,
            decision: {
              choice: 'ours' as const,
              reason: null,
              decidedBy: 'head@oak',
              decidedAt: new Date(clock.now()).toISOString(),
            },
            version: row.version + 1,
          })),
        ),
      );
      const second = await seat.fixture.sync();

      expect(second.run.state).toBe('succeeded');
      expect(theirUser('u2')).toMatchObject({ family: 'Birch' });
      expect(await states()).toEqual([['u2', '/familyName', 'resolved']]);
      expect((await seat.fixture.sync()).user?.counts).toMatchObject({ updated: 0, pushUpdated: 0 });
    });

    test('a run over a limit waits for its approval, and what it did is taken back', async () => {
      await book.begin({ limits: { toOurs: { delete: { percent: 0, floor: 1 } } } });
      const { customerId } = owner;
      const before = await ours('user');
      data().users.splice(0, 2);

      const { run } = await seat.fixture.sync();

      expect(run.state).toBe('held');
      const { store } = seat.fixture.platform;
      const planned = await listPlannedChanges(store, { customerId, runId: run.runId }, undefined, 10);
      expect(planned.map(({ recordId, toOursAction }) => [recordId, toOursAction])).toEqual([
        ['u1', 'delete'],
        ['u2', 'delete'],
      ]);
      expect(await ours('user')).toEqual(before);

      await decideRun(seat.fixture.worker, {
        customerId,
        runId: run.runId,
        decision: 'approved',
        by: 'head@oak',
      });
      while ((await seat.fixture.deliver(run.runId)) !== 'finished');

      expect((await seat.fixture.outcome(run.runId)).run.state).toBe('succeeded');
      expect(Object.keys(await ours('user'))).toEqual(Object.keys(before).slice(2));

      const back = await seat.fixture.sync({}, { reverts: run.runId, method: 'runs.revert.v1' });

      expect(back.run.state).toBe('succeeded');
      const now = await ours('user');
      expect(Object.keys(now)).toEqual(Object.keys(before));
      expect(data().users).toHaveLength(Object.keys(before).length);
    });
  });
}
