import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../clock/clock.manual.ts';
import { Failure } from '../../failure/failure.ts';
import { readRun } from '../../store/runs.ts';
import type { Store } from '../../store/schema.ts';
import { stagedRecords } from '../../store/staged-records.ts';
import { acquireLease } from '../lease.ts';
import { paperSchool } from '../paper-school.fixture.ts';
import { owner } from '../pipeline.fixture.ts';
import { runSlice } from '../run/run-slice.ts';
import { sweepOutboxes } from '../run/sweep-outboxes.ts';
import type { PipelineSeat } from './pipeline-seat.contract.ts';

/** What holds when vendors, processes and neighbours fail. */
export function describeBreakdowns(seat: PipelineSeat): void {
  describe('when things break', () => {
    test('a database that aborts each commit once leaves what it would have left', async () => {
      const { fixture } = seat;
      const { store } = fixture.worker;
      let aborts = 0;
      const transaction: Store['transaction'] = (body) => {
        let isAborted = false;
        return store.transaction(async (inner) => {
          const result = await body(inner);
          if (isAborted) return result;
          isAborted = true;
          aborts += 1;
          throw new Failure('aborted', 'Aborted by the test', { retryAfterMs: 1 });
        });
      };

      const { run, user } = await fixture.sync({ store: { ...store, transaction } });

      expect(run).toMatchObject({ state: 'succeeded', firstSequence: 0, lastSequence: 6 });
      expect(user?.counts).toMatchObject({ received: 5, created: 5 });
      expect(await seat.storedUsers()).toHaveLength(5);
      expect((await seat.allChanges()).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(await store.scan(stagedRecords)).toEqual([]);
      expect(aborts).toBeGreaterThan(5);
    });

    test('a slice that runs out of time hands over, and no committed page is fetched again', async () => {
      const clock = createManualClock();
      await seat.renew({ clock });
      const runId = await seat.fixture.start();
      const timely = { ...seat.fixture.worker, openClient: seat.exhaustAfter(3, clock) };

      expect(await seat.fixture.deliver(runId, { worker: timely })).toBe('continued');
      expect((await seat.fixture.outcome(runId)).user?.pages).toBeGreaterThan(0);
      expect(await seat.fixture.deliver(runId)).toBe('finished');

      const { user } = await seat.fixture.outcome(runId);
      expect(user?.counts).toMatchObject({ received: 5, created: 5 });
      expect(seat.fixture.school.requests('GET /users page=1')).toHaveLength(1);
    });

    test('a task that arrives again after its run has ended does nothing', async () => {
      const { run } = await seat.fixture.sync();

      expect(await seat.fixture.deliver(run.runId)).toBe('stale');
      expect(await seat.allChanges()).toHaveLength(6);
    });

    test('a vendor that is down is tried again, and goes on where it stopped', async () => {
      seat.fixture.school.addFault('GET /users page=2: 500 times=1');
      const runId = await seat.fixture.start();

      await expect(seat.fixture.deliver(runId)).rejects.toMatchObject({ code: 'vendor_unavailable' });
      expect(await seat.fixture.deliver(runId, { retryCount: 1 })).toBe('finished');

      const { run, user } = await seat.fixture.outcome(runId);
      expect(run.state).toBe('succeeded');
      expect(user?.counts).toMatchObject({ received: 5, created: 5 });
      expect(seat.fixture.school.requests('GET /users page=1')).toHaveLength(1);
    });

    test('the last attempt ends the run as failed, with the reason', async () => {
      seat.fixture.school.addFault('GET /users: 500');
      const runId = await seat.fixture.start();

      expect(await seat.fixture.deliver(runId, { retryCount: 2 })).toBe('finished');

      expect((await seat.fixture.outcome(runId)).run).toMatchObject({
        state: 'failed',
        failure: { code: 'vendor_unavailable' },
      });
    });

    test('credentials that the vendor refuses end the run at once', async () => {
      seat.fixture.school.addFault('GET /orgs: 401');
      const runId = await seat.fixture.start();

      expect(await seat.fixture.deliver(runId)).toBe('finished');

      expect((await seat.fixture.outcome(runId)).run).toMatchObject({
        state: 'failed',
        failure: { code: 'credentials_rejected' },
      });
    });

    test('a vendor that asks for a long wait gets it, without an attempt being counted', async () => {
      seat.fixture.school.addFault('GET /users: 429 retry-after=600 times=1');
      const runId = await seat.fixture.start();

      expect(await seat.fixture.deliver(runId, { retryCount: 2 })).toBe('waiting');
      const { run } = await seat.fixture.outcome(runId);
      expect(Date.parse(run.dueAt ?? '') - seat.fixture.worker.clock.now()).toBe(600_000);
      expect(await seat.fixture.deliver(runId)).toBe('finished');

      expect((await seat.fixture.outcome(runId)).run.state).toBe('succeeded');
    });

    test('a vendor that asks for an endless wait is asked again in six hours, and after a day the run ends', async () => {
      const clock = createManualClock();
      await seat.renew({ clock });
      seat.fixture.school.addFault('GET /orgs: 429 retry-after=999999999999999 times=always');
      const runId = await seat.fixture.start();

      expect(await seat.fixture.deliver(runId)).toBe('waiting');
      const { run } = await seat.fixture.outcome(runId);
      expect(Date.parse(run.dueAt ?? '') - clock.now()).toBe(6 * 3_600_000);
      await clock.advance(25 * 3_600_000);
      expect(await seat.fixture.deliver(runId)).toBe('finished');

      expect((await seat.fixture.outcome(runId)).run).toMatchObject({
        state: 'failed',
        failure: { code: 'rate_limited' },
      });
    });

    test('a run that another one overtook fetches anew what it had not finished, and deletes nothing that came since', async () => {
      const clock = createManualClock();
      await seat.renew({ clock });
      const first = await seat.fixture.start();
      await seat.fixture.deliver(first, {
        worker: { ...seat.fixture.worker, openClient: seat.exhaustAfter(4, clock) },
      });
      expect((await seat.fixture.outcome(first)).user?.stage).not.toBe('done');
      await clock.advance(3_600_000);
      seat.fixture.school.data.users.push({ id: 'u6', given: 'Late', family: 'Comer' });
      await seat.fixture.sync();

      expect(await seat.fixture.deliver(first)).toBe('finished');

      const { run, user } = await seat.fixture.outcome(first);
      expect(run.state).toBe('succeeded');
      expect(user?.counts).toMatchObject({ received: 6, unchanged: 6, deleted: 0 });
      expect((await seat.storedUsers()).map((row) => row.recordId)).toContain('u6');
    });

    test('a run that ended while a second delivery of its task was on the way stays ended', async () => {
      const runId = await seat.fixture.start();
      const open = await readRun(seat.fixture.platform.store, owner.customerId, runId);
      await seat.fixture.deliver(runId);
      const ended = (await seat.fixture.outcome(runId)).run;

      await expect(
        acquireLease(seat.fixture.platform.store, seat.fixture.worker.clock, open),
      ).rejects.toMatchObject({
        code: 'lease_lost',
      });

      expect((await seat.fixture.outcome(runId)).run).toEqual(ended);
    });

    test('a run does not end before its changes are sent, and what a failed run left is sent by the sweep', async () => {
      const stop = new AbortController();
      const bus = {
        ...seat.fixture.platform.bus,
        publish: async (...message: Parameters<typeof seat.fixture.platform.bus.publish>) => {
          stop.abort(new Error('SIGTERM'));
          return await seat.fixture.platform.bus.publish(...message);
        },
      };
      const runId = await seat.fixture.start();

      expect(
        await seat.fixture.deliver(runId, { worker: { ...seat.fixture.worker, bus }, signal: stop.signal }),
      ).toBe('continued');
      expect((await seat.fixture.outcome(runId)).run.state).toBe('running');
      const down = {
        ...seat.fixture.platform.bus,
        publish: () => Promise.reject(new Failure('unavailable', 'down')),
      };
      await seat.fixture.deliver(runId, { worker: { ...seat.fixture.worker, bus: down }, retryCount: 2 });
      expect((await seat.fixture.outcome(runId)).run.state).toBe('failed');

      const left = (await seat.allChanges()).length - (await seat.readCursor());
      expect(left).toBeGreaterThan(0);
      const { signal } = new AbortController();
      expect(await sweepOutboxes(seat.fixture.worker, 'paper-school', signal)).toBe(left);
      expect(await sweepOutboxes(seat.fixture.worker, 'paper-school', signal)).toBe(0);
    });

    test('a failed run leaves nothing staged behind', async () => {
      seat.fixture.school.addFault('GET /users page=3: 500 times=always');
      const runId = await seat.fixture.start();

      await seat.fixture.deliver(runId, { retryCount: 2 });

      expect((await seat.fixture.outcome(runId)).run.state).toBe('failed');
      expect(await seat.fixture.platform.store.scan(stagedRecords)).toEqual([]);
    });

    test("a run of another vendor's integration is not worked on", async () => {
      const runId = await seat.fixture.start();
      const task = { customerId: owner.customerId, runId, slice: 0 };

      await expect(
        runSlice(seat.fixture.worker, { ...paperSchool, id: 'other' }, task, {
          retryCount: 0,
          signal: new AbortController().signal,
        }),
      ).rejects.toMatchObject({ code: 'forbidden' });
    });

    test('a second run of the integration waits for the first', async () => {
      const clock = createManualClock();
      await seat.renew({ clock });
      const first = await seat.fixture.start();
      const second = await seat.fixture.start();
      await seat.fixture.deliver(first, { worker: { ...seat.fixture.worker, sliceMs: 0 } });

      expect(await seat.fixture.deliver(second)).toBe('waiting');
      while ((await seat.fixture.deliver(first)) !== 'finished');
      expect(await seat.fixture.deliver(second)).toBe('finished');

      expect((await seat.fixture.outcome(second)).user?.counts).toMatchObject({ unchanged: 5, created: 0 });
    });

    test('a worker whose run was taken over writes nothing more', async () => {
      const runId = await seat.fixture.start();
      let takenOver: Promise<unknown> | undefined;
      const slow = {
        ...seat.fixture.worker,
        openClient: (options: Parameters<typeof seat.fixture.worker.openClient>[0]) => {
          const client = seat.fixture.worker.openClient(options);
          return {
            ...client,
            // The queue has delivered the task a second time while the first worker waits for a page.
            async fetchPage(request: Parameters<typeof client.fetchPage>[0]) {
              takenOver ??= seat.fixture.deliver(runId);
              await takenOver;
              return await client.fetchPage(request);
            },
          };
        },
      };

      expect(await seat.fixture.deliver(runId, { worker: slow })).toBe('stale');

      expect((await seat.fixture.outcome(runId)).run.state).toBe('succeeded');
      expect(await seat.allChanges()).toHaveLength(6);
    });

    test('no log line, failure or report carries the credential', async () => {
      seat.fixture.school.addFault('GET /orgs: 401');
      const runId = await seat.fixture.start();
      await seat.fixture.deliver(runId);

      const written = JSON.stringify([seat.fixture.logged, await seat.fixture.outcome(runId)]);
      expect(written).not.toContain('canary-pa55word');
      expect(written).not.toContain(Buffer.from('office:canary-pa55word').toString('base64'));
    });
  });
}
