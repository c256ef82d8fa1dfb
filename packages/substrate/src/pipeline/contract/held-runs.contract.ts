import { describe, expect, test } from 'vitest';
import { isFailure } from '../../failure/failure.ts';
import { readLease } from '../../store/leases.ts';
import { listPlannedChanges } from '../../store/planned-changes.ts';
import { listHeldRuns, readRun } from '../../store/runs.ts';
import type { Store } from '../../store/schema.ts';
import { stagedRecords } from '../../store/staged-records.ts';
import { owner } from '../pipeline.fixture.ts';
import { decideRun } from '../run/decide-run.ts';
import { expireSuperseded } from '../run/hold-run.ts';
import { sweepRuns } from '../run/sweep-runs.ts';
import { limits, openHeldRunSeat } from './held-run-seat.contract.ts';
import type { PipelineSeat } from './pipeline-seat.contract.ts';

const hourMs = 60 * 60_000;

/** What becomes of a run that would change more than the customer lets through without a look. */
export function describeHeldRuns(seat: PipelineSeat): void {
  const { book, begin, users, changeMuch, planned, decide, goOn, storedIds, touchOne, clock } =
    openHeldRunSeat(seat);
  const { customerId } = owner;

  describe('a run over a limit', () => {
    test('is held with all that it would do to be seen, and nothing of it is applied on any side', async () => {
      await begin();
      await changeMuch();
      const before = await seat.storedUsers();
      const changes = await seat.allChanges();

      const { run, user } = await seat.fixture.sync();

      expect(run).toMatchObject({ state: 'held', finishedAt: null, decision: null });
      expect(Date.parse(run.dueAt ?? '') - Date.parse(run.heldSince ?? '')).toBe(7 * 24 * hourMs);
      expect(user).toMatchObject({
        stage: 'planned',
        position: null,
        plan: {
          counts: { toOurs: { create: 1, update: 1, delete: 2 }, toTheirs: { update: 1 } },
          exceeded: [{ direction: 'toOurs', action: 'delete', planned: 2, allowed: 1, stored: 5 }],
        },
      });
      expect(await planned(run.runId)).toEqual([
        ['u1', 'delete', null],
        ['u2', 'delete', null],
        ['u3', 'update', null],
        ['u4', null, 'update'],
        ['u9', 'create', null],
      ]);
      const { store } = seat.fixture.platform;
      const [, , u3] = await listPlannedChanges(store, { customerId, runId: run.runId }, undefined, 10);
      expect(u3?.toOurs).toEqual([
        expect.objectContaining({ pointer: '/familyName', before: 'Oakley', after: 'Ashby' }),
      ]);
      expect(await seat.storedUsers()).toEqual(before);
      expect(await seat.allChanges()).toEqual(changes);
      expect(book.writes()).toEqual([]);
      expect(await book.pushes(run.runId)).toEqual([]);
      expect(await readLease(store, customerId, owner.integrationId)).toMatchObject({ runId: null });
      expect(await listHeldRuns(store, customerId, undefined, 10)).toHaveLength(1);
    });

    test('goes on when it is approved, with what was looked at, without asking the vendor again', async () => {
      await begin();
      await changeMuch();
      const { run } = await seat.fixture.sync();
      // What the vendor has changed since is not in what was looked at.
      users().splice(0, 1);
      seat.fixture.school.clearRequests();
      await clock().advance(hourMs);

      const queued = await decide(run.runId, 'approved');
      const { run: ended, user } = await goOn(run.runId);

      expect(queued).toMatchObject({ state: 'queued', heldSince: null, dueAt: null });
      expect(ended).toMatchObject({
        state: 'succeeded',
        decision: {
          decision: 'approved',
          by: 'head@oak',
          exceeded: { user: [{ action: 'delete', planned: 2 }] },
        },
      });
      expect(user?.counts).toMatchObject({ created: 1, updated: 1, deleted: 2, pushUpdated: 1 });
      expect(await storedIds()).toEqual(['u3', 'u4', 'u5', 'u9']);
      expect(seat.fixture.school.requests('GET /users')).toEqual([]);
      expect(await seat.fixture.platform.store.scan(stagedRecords)).toEqual([]);
    });

    test('reads the vendor anew when it is approved after another run has worked', async () => {
      await begin();
      await changeMuch();
      const { run } = await seat.fixture.sync();
      expect((await touchOne()).run.state).toBe('succeeded');
      // It has one of them back.
      users().unshift({ id: 'u2', given: 'Given 2', family: 'Oakley' });
      seat.fixture.school.clearRequests();

      await decide(run.runId, 'approved');
      const { run: ended } = await goOn(run.runId);

      expect(ended.state).toBe('succeeded');
      expect(seat.fixture.school.requests('GET /users')).not.toEqual([]);
      expect(await storedIds()).toEqual(['u2', 'u3', 'u4', 'u5', 'u9']);
    });

    test('is held again when it would then do more than was approved, and its preview is made anew', async () => {
      await begin();
      await changeMuch();
      const { run } = await seat.fixture.sync();
      await touchOne();
      users().splice(0, 3, { id: 'u2', given: 'Given 2', family: 'Oakley' });

      await decide(run.runId, 'approved');
      const { run: heldAgain, user } = await goOn(run.runId);

      expect(heldAgain).toMatchObject({ state: 'held', decision: null });
      expect(user?.plan?.exceeded).toMatchObject([{ action: 'delete', planned: 3, allowed: 1 }]);
      expect(await planned(run.runId)).toEqual([
        ['u1', 'delete', null],
        ['u3', 'delete', null],
        // We have changed it meanwhile.
        ['u4', null, null],
        ['u5', 'delete', null],
        ['u9', 'create', null],
      ]);
      expect(await storedIds()).toEqual(['u1', 'u2', 'u3', 'u4', 'u5']);

      await decide(run.runId, 'approved');
      expect((await goOn(run.runId)).run.state).toBe('succeeded');
    });

    test('is not held for what was approved before, when more limits were approved after it', async () => {
      await begin({ limits: { toOurs: { ...limits?.toOurs, update: { percent: 0, floor: 1 } } } });
      users().splice(0, 2);
      const { run } = await seat.fixture.sync();
      await decide(run.runId, 'approved');
      await touchOne();
      for (const each of users()) Object.assign(each, { family: 'Ashby' });
      expect((await goOn(run.runId)).run.state).toBe('held');

      await decide(run.runId, 'approved');
      // It reads anew once more, and finds the same.
      await touchOne();
      const { run: ended, user } = await goOn(run.runId);

      expect(ended.state).toBe('succeeded');
      // One was touched by itself.
      expect(user?.counts).toMatchObject({ deleted: 2, updated: 2 });
    });

    test('ends when it is rejected, and the next night finds the same', async () => {
      await begin();
      await changeMuch();
      const { run } = await seat.fixture.sync();

      await decide(run.runId, 'rejected');

      const rejected = await readRun(seat.fixture.platform.store, customerId, run.runId);
      expect(rejected).toMatchObject({
        state: 'rejected',
        openSince: null,
        heldSince: null,
        dueAt: null,
        finishedAt: new Date(clock().now()).toISOString(),
        decision: { decision: 'rejected' },
      });
      expect(await seat.fixture.platform.store.scan(stagedRecords)).toEqual([]);
      expect(await seat.fixture.deliver(run.runId)).toBe('stale');
      expect(await storedIds()).toEqual(['u1', 'u2', 'u3', 'u4', 'u5']);
      await clock().advance(24 * hourMs);
      expect((await seat.fixture.sync()).run.state).toBe('held');
    });

    test('expires when nobody has decided in time, and not before', async () => {
      await begin({ limits, holdHours: 2 });
      await changeMuch();
      const { run } = await seat.fixture.sync();
      const { store } = seat.fixture.platform;

      await clock().advance(2 * hourMs - 1);
      expect(await sweepRuns(seat.fixture.worker, 'paper-school')).toEqual({ open: 1, revived: 0 });
      expect((await readRun(store, customerId, run.runId)).state).toBe('held');
      await clock().advance(1);
      await sweepRuns(seat.fixture.worker, 'paper-school');

      expect(await readRun(store, customerId, run.runId)).toMatchObject({
        state: 'expired',
        openSince: null,
        heldSince: null,
        failure: { code: 'limit_exceeded', message: 'Nobody decided on the held run in time' },
      });
      expect(await store.scan(stagedRecords)).toEqual([]);
      await expect(decide(run.runId, 'approved')).rejects.toMatchObject({ code: 'stale_version' });
    });

    test('does not keep other runs of the integration waiting', async () => {
      await begin();
      await changeMuch();
      const { run } = await seat.fixture.sync();
      Object.assign(users().at(-2) as object, { family: 'Birch' });

      const realtime = await touchOne();
      const orgs = await seat.fixture.sync({}, { entityTypes: ['org'], context: 'nightly' });

      expect([realtime.run.state, realtime.user?.counts.updated]).toEqual(['succeeded', 1]);
      expect(orgs.run.state).toBe('succeeded');
      expect((await readRun(seat.fixture.platform.store, customerId, run.runId)).state).toBe('held');
    });

    test('is not touched by a task that comes again, though its process is told to stop', async () => {
      await begin();
      await changeMuch();
      const { run } = await seat.fixture.sync();
      const { store } = seat.fixture.platform;

      expect(await seat.fixture.deliver(run.runId)).toBe('stale');
      expect(await readRun(store, customerId, run.runId)).toEqual(run);
    });

    test('stays held when a worker wakes late that had it before, and hands over', async () => {
      await begin();
      await changeMuch();
      const runId = await seat.fixture.start();
      const stop = new AbortController();
      let other: Promise<unknown> | undefined;
      const slow = book.around({});
      const outcome = await seat.fixture.deliver(runId, {
        signal: stop.signal,
        worker: {
          ...slow,
          openClient: (options) => {
            const client = slow.openClient(options);
            return {
              ...client,
              async fetchPage(request) {
                other ??= seat.fixture.deliver(runId);
                await other;
                stop.abort();
                return await client.fetchPage(request);
              },
            };
          },
        },
      });

      expect(outcome).toBe('stale');
      const held = await readRun(seat.fixture.platform.store, customerId, runId);
      expect(held).toMatchObject({ state: 'held', slice: 0 });
      expect(Date.parse(held.dueAt ?? '')).toBeGreaterThan(clock().now() + hourMs);
    });
  });

  describe('a held run and later ones', () => {
    test('is overtaken by a later one that is held', async () => {
      await begin();
      await changeMuch();
      const first = await seat.fixture.sync();
      await clock().advance(24 * hourMs);

      const second = await seat.fixture.sync();

      expect(second.run.state).toBe('held');
      const { store } = seat.fixture.platform;
      expect(await readRun(store, customerId, first.run.runId)).toMatchObject({
        state: 'expired',
        failure: { code: 'limit_exceeded', data: { runId: second.run.runId } },
      });
      const staged = await store.scan(stagedRecords);
      expect(new Set(staged.map(({ runId }) => runId))).toEqual(new Set([second.run.runId]));
    });

    test('is overtaken by a later one that succeeds', async () => {
      await begin();
      await changeMuch();
      const first = await seat.fixture.sync();
      await seat.fixture.choose({ limits: { toOurs: { delete: 'off' } } });

      expect((await seat.fixture.sync()).run.state).toBe('succeeded');

      const { store } = seat.fixture.platform;
      expect((await readRun(store, customerId, first.run.runId)).state).toBe('expired');
    });

    test.each([
      ['of other entity types', { entityTypes: ['org'] }],
      ['of one record', { entityTypes: ['user'], recordIds: ['u5'] }],
      ['that only plans', { isDryRun: true }],
    ] as const)('is not overtaken by one %s', async (_name, request) => {
      await begin();
      await changeMuch();
      const first = await seat.fixture.sync();

      const second = await seat.fixture.sync(
        {},
        {
          ...request,
          entityTypes: 'entityTypes' in request ? [...request.entityTypes] : [],
        },
      );

      expect(second.run.state).toBe('succeeded');
      const { store } = seat.fixture.platform;
      expect((await readRun(store, customerId, first.run.runId)).state).toBe('held');
    });

    test('is not ended by a later one when somebody approves it at that moment', async () => {
      await begin();
      await changeMuch();
      const { run } = await seat.fixture.sync();
      const { store } = seat.fixture.platform;
      const scan: Store['scan'] = async (...asked) => {
        const rows = await store.scan(...asked);
        await decide(run.runId, 'approved');
        return rows;
      };
      const later = { ...run, runId: 'later', requestedAt: new Date(clock().now()).toISOString() };

      await expireSuperseded({ ...store, scan }, later, later.requestedAt);

      expect((await readRun(store, customerId, run.runId)).state).toBe('queued');
      expect((await goOn(run.runId)).run.state).toBe('succeeded');
    });
  });

  describe('decisions on a held run', () => {
    test('are taken once, however many people decide at once', async () => {
      await begin();
      await changeMuch();
      const { run } = await seat.fixture.sync();

      const settled = await Promise.allSettled([
        decide(run.runId, 'approved', 'head@oak'),
        decide(run.runId, 'approved', 'deputy@oak'),
        decide(run.runId, 'rejected', 'clerk@oak'),
      ]);

      const [won, ...others] = settled.filter(({ status }) => status === 'fulfilled');
      expect(others).toEqual([]);
      const lost = settled.filter((one) => one.status === 'rejected');
      expect(lost.every(({ reason }) => isFailure(reason, 'stale_version'))).toBe(true);
      const { decision } = await readRun(seat.fixture.platform.store, customerId, run.runId);
      expect(decision).toEqual(won?.status === 'fulfilled' ? won.value.decision : undefined);
    });

    test('commit what belongs to them together, or nothing', async () => {
      await begin();
      await changeMuch();
      const { run } = await seat.fixture.sync();

      const failing = decideRun(
        seat.fixture.worker,
        { customerId, runId: run.runId, decision: 'approved', by: 'head@oak' },
        () => {
          throw new Error('no room for the audit');
        },
      );

      await expect(failing).rejects.toThrow('no room');
      expect((await readRun(seat.fixture.platform.store, customerId, run.runId)).state).toBe('held');
    });

    test('are followed though the task was never created: the sweep makes up for it', async () => {
      await begin();
      await changeMuch();
      const { run } = await seat.fixture.sync();
      const { worker } = seat.fixture;
      const tasks = { ...worker.tasks, enqueue: () => Promise.reject(new Error('kill -9')) };

      await expect(
        decideRun({ ...worker, tasks }, { customerId, runId: run.runId, decision: 'approved', by: 'x' }),
      ).rejects.toThrow('kill -9');

      expect(await sweepRuns(worker, 'paper-school')).toEqual({ open: 1, revived: 1 });
      expect((await goOn(run.runId)).run.state).toBe('succeeded');
    });
  });
}
