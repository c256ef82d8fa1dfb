import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../clock/clock.manual.ts';
import { listPlannedChanges } from '../../store/planned-changes.ts';
import { stagedRecords } from '../../store/staged-records.ts';
import { owner } from '../pipeline.fixture.ts';
import { openHeldRunSeat } from './held-run-seat.contract.ts';
import type { PipelineSeat } from './pipeline-seat.contract.ts';

/** What limits hold, and what a dry run shows of them. */
export function describeLimits(seat: PipelineSeat): void {
  const { book, begin, users, changeMuch, planned, decide, goOn, storedIds } = openHeldRunSeat(seat);
  const { customerId } = owner;

  describe('limits', () => {
    test('hold what would be written to the vendor as well, before anything is', async () => {
      await begin({
        limits: { toTheirs: { update: { percent: 0, floor: 1 }, delete: { percent: 0, floor: 0 } } },
      });
      await book.edit('user', 'u1', { familyName: 'Ashby' });
      await book.edit('user', 'u2', { familyName: 'Ashby' });
      await book.remove('user', 'u3');
      seat.fixture.school.clearRequests();

      const { run, user } = await seat.fixture.sync();

      expect(run.state).toBe('held');
      expect(user?.plan?.exceeded).toMatchObject([
        { direction: 'toTheirs', action: 'update', planned: 2, allowed: 1 },
        { direction: 'toTheirs', action: 'delete', planned: 1, allowed: 0 },
      ]);
      expect(book.writes()).toEqual([]);
      await decide(run.runId, 'approved');
      const { user: done } = await goOn(run.runId);
      expect(done?.counts).toMatchObject({ pushUpdated: 2, pushDeleted: 1, pushFailed: 0 });
    });

    test('do not count what the vendor does not take, nor what is switched off', async () => {
      await begin({ limits: { toTheirs: { update: { percent: 0, floor: 0 } } } });
      await book.edit('user', 'u1', { phone: '7' });
      expect((await seat.fixture.sync()).run.state).toBe('succeeded');

      await book.edit('user', 'u1', { familyName: 'Ashby' });
      await seat.fixture.choose({
        writeBack: ['user'],
        steps: { push: false },
        limits: { toTheirs: { update: { percent: 0, floor: 0 } } },
      });
      expect((await seat.fixture.sync()).run.state).toBe('succeeded');
    });

    test('count within a school what the whole would not notice', async () => {
      await begin({ limits: { perSchool: { toOurs: { delete: { percent: 50, floor: 1 } } } } });
      const { data } = seat.fixture.school;
      data.orgs.push({ id: 'o2', name: 'Elm' });
      data.users = data.users.map((each, index) => ({ ...each, school: index < 3 ? 'o1' : 'o2' }));
      await seat.fixture.sync();
      data.users.splice(3, 2);

      const { run, user } = await seat.fixture.sync();

      expect(run.state).toBe('held');
      expect(user?.schools).toEqual({ o1: 3 });
      expect(user?.plan?.exceeded).toEqual([
        { direction: 'toOurs', action: 'delete', school: 'o2', planned: 2, allowed: 1, stored: 2 },
      ]);
    });

    test('count what a first sync creates, only where somebody limits that', async () => {
      await seat.renew({ clock: createManualClock() });
      await seat.fixture.choose({ limits: { perSchool: { toOurs: { create: { percent: 0, floor: 2 } } } } });
      const { data } = seat.fixture.school;
      data.users = data.users.map((each) => ({ ...each, school: 'o1' }));

      const { run, user } = await seat.fixture.sync();

      expect(run.state).toBe('held');
      expect(user?.plan?.exceeded).toMatchObject([{ action: 'create', school: 'o1', planned: 5, stored: 0 }]);
      await seat.fixture.choose({});
      expect((await seat.fixture.sync()).run.state).toBe('succeeded');
    });

    test('of one entity type hold the whole run', async () => {
      await begin();
      const create = { percent: 0, floor: 0 };
      await seat.fixture.choose({ limits: { entityTypes: { user: { toOurs: { create } } } } });
      const { data } = seat.fixture.school;
      data.orgs.push({ id: 'o2', name: 'Elm' });
      users().push({ id: 'u9', given: 'New', family: 'Comer' });

      const { run, org } = await seat.fixture.sync();

      expect(run.state).toBe('held');
      expect(org).toMatchObject({ stage: 'planned', counts: { created: 0 } });
      expect(await planned(run.runId)).toEqual([
        ['o2', 'create', null],
        ['u9', 'create', null],
      ]);
    });
  });

  describe('a dry run', () => {
    test('writes no record, no change and nothing at the vendor, and shows all that it would do', async () => {
      await begin();
      await changeMuch();
      // Both sides, differently.
      await book.edit('user', 'u3', { familyName: 'Rowan' });
      const before = [await seat.storedUsers(), await seat.allChanges(), await book.conflicts()];

      const { run, user } = await seat.fixture.sync({}, { isDryRun: true });

      expect(run).toMatchObject({ state: 'succeeded', finishedAt: expect.any(String), heldSince: null });
      expect(user).toMatchObject({
        counts: { created: 0, updated: 0, deleted: 0, pushUpdated: 0 },
        plan: {
          counts: { toOurs: { create: 1, update: 0, delete: 2 }, toTheirs: { update: 1 } },
          conflicts: 1,
          // A real run would be held.
          exceeded: [{ action: 'delete', planned: 2 }],
        },
      });
      expect(await planned(run.runId)).toEqual([
        ['u1', 'delete', null],
        ['u2', 'delete', null],
        ['u3', null, null],
        ['u4', null, 'update'],
        ['u9', 'create', null],
      ]);
      const { store } = seat.fixture.platform;
      const [, , u3] = await listPlannedChanges(store, { customerId, runId: run.runId }, undefined, 10);
      expect(u3?.conflicts).toMatchObject([{ pointer: '/familyName', ours: 'Rowan', theirs: 'Ashby' }]);
      expect([await seat.storedUsers(), await seat.allChanges(), await book.conflicts()]).toEqual(before);
      expect(book.writes()).toEqual([]);
      expect(await store.scan(stagedRecords)).toEqual([]);
    });

    test('of a first sync plans every record', async () => {
      const { run, user } = await seat.fixture.sync({}, { isDryRun: true });

      expect(user?.plan?.counts.toOurs).toEqual({ create: 5, update: 0, delete: 0 });
      expect(await planned(run.runId)).toHaveLength(6);
      expect(await storedIds()).toEqual([]);
    });
  });
}
