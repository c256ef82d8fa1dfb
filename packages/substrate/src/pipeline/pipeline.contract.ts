import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../clock/clock.manual.ts';
import { Failure } from '../failure/failure.ts';
import { createChangeSource, readChanges } from '../store/changes.ts';
import { listQuarantined } from '../store/quarantine.ts';
import { records } from '../store/records.ts';
import { readRun } from '../store/runs.ts';
import { stagedRecords } from '../store/staged-records.ts';
import { acquireLease } from './lease.ts';
import { paperSchool } from './paper-school.fixture.ts';
import type { RunWorker } from './parts.ts';
import { type CreatePipelineFixture, owner, type PipelineFixture } from './pipeline.fixture.ts';
import { runSlice } from './run-slice.ts';
import { sweepOutboxes } from './sweep-outboxes.ts';

/** What a run does, on whatever database the store is. */
export function describePipeline(name: string, createFixture: CreatePipelineFixture): void {
  describe(`the pipeline on ${name}`, () => {
    let fixture: PipelineFixture;

    beforeEach(async () => {
      fixture = await createFixture();
    });
    afterEach(() => fixture.close());

    /** A client whose nth page takes longer than a slice may. */
    function exhaustAfter(pages: number, clock: ManualClock): RunWorker['openClient'] {
      let fetched = 0;
      return (options) => {
        const client = fixture.worker.openClient(options);
        return {
          ...client,
          async fetchPage(request) {
            const page = await client.fetchPage(request);
            if (++fetched === pages) await clock.advance(fixture.worker.sliceMs);
            return page;
          },
        };
      };
    }

    function readCursor() {
      return createChangeSource(fixture.platform.store).readCursor(owner);
    }

    function storedUsers() {
      return fixture.platform.store.scan(records, { prefix: { ...owner, entityType: 'user' } });
    }

    function allChanges() {
      return readChanges(fixture.platform.store, owner, 0, 1000);
    }

    describe('a sync', () => {
      test('stores every record and one change for each, and ends as succeeded', async () => {
        const { run, org, user } = await fixture.sync();

        expect(run.state).toBe('succeeded');
        expect(org).toMatchObject({ stage: 'done', counts: { received: 1, created: 1 } });
        expect(user).toMatchObject({ stage: 'done', pages: 3, counts: { received: 5, created: 5 } });
        expect((await storedUsers()).map((row) => row.recordId)).toEqual(['u1', 'u2', 'u3', 'u4', 'u5']);
        expect((await allChanges()).map(({ sequence, action }) => [sequence, action])).toEqual(
          [1, 2, 3, 4, 5, 6].map((sequence) => [sequence, 'create']),
        );
        expect(run.lastSequence).toBe(6);
      });

      test('writes no record and no change when nothing changed', async () => {
        await fixture.sync();
        const before = await storedUsers();

        const { run, user } = await fixture.sync();

        expect(run).toMatchObject({ state: 'succeeded', firstSequence: 6, lastSequence: 6 });
        expect(user?.counts).toMatchObject({ received: 5, unchanged: 5, created: 0, updated: 0, deleted: 0 });
        // `updatedAt` is the commit's time: it would have moved.
        expect(await storedUsers()).toEqual(before);
        expect(await allChanges()).toHaveLength(6);
      });

      test('does not call a record changed when only a volatile member moved', async () => {
        await fixture.sync();
        fixture.school.data.users[0] = { ...fixture.school.data.users[0], touched: '2026-01-01T00:00:00Z' };

        const { user } = await fixture.sync();

        expect(user?.counts).toMatchObject({ unchanged: 5, updated: 0 });
      });

      test('updates, creates and deletes what the vendor did, with before-images', async () => {
        await fixture.sync();
        const { users } = fixture.school.data;
        users[0] = { ...users[0], family: 'Ashby' };
        users.splice(1, 1);
        users.push({ id: 'u9', given: 'New', family: 'Comer' });

        const { run, user } = await fixture.sync();

        expect(user?.counts).toMatchObject({ created: 1, updated: 1, deleted: 1, unchanged: 3 });
        const changes = (await allChanges()).filter((change) => change.runId === run.runId);
        expect(changes.map(({ action, recordId }) => [action, recordId])).toEqual([
          ['update', 'u1'],
          ['create', 'u9'],
          ['delete', 'u2'],
        ]);
        expect(changes[0]).toMatchObject({
          before: { familyName: 'Oakley' },
          after: { familyName: 'Ashby' },
        });
        expect(changes[2]).toMatchObject({ before: { givenName: 'Given 2' }, after: null });
      });

      test('deletes a record that the vendor marks as deleted, and does not mind one that it never had', async () => {
        await fixture.sync();
        const { users } = fixture.school.data;
        users[0] = { ...users[0], gone: true };
        users.push({ id: 'u8', given: 'Never', family: 'Seen', gone: true });

        const { user } = await fixture.sync();

        expect(user?.counts).toMatchObject({ withdrawn: 2, deleted: 1, created: 0 });
        expect((await storedUsers()).map((row) => row.recordId)).toEqual(['u2', 'u3', 'u4', 'u5']);
      });

      test('starts once for one idempotency key', async () => {
        expect(await fixture.start('tonight')).toBe(await fixture.start('tonight'));
        expect(await fixture.start('tomorrow')).not.toBe(await fixture.start('tonight'));
      });
    });

    describe('bad data', () => {
      test('quarantines a record that does not fit, alone, and does not delete what is stored under its id', async () => {
        await fixture.sync();
        fixture.school.data.users[2] = { id: 'u3', given: 7, family: 'Oakley' };
        fixture.school.data.users[3] = { id: 'u4', given: 'Changed', family: 'Oakley' };

        const { run, user } = await fixture.sync();

        expect(run.state).toBe('succeeded');
        expect(user?.counts).toMatchObject({ quarantined: 1, updated: 1, deleted: 0 });
        const [quarantined] = await listQuarantined(fixture.platform.store, run, 10);
        expect(quarantined).toMatchObject({
          recordId: 'u3',
          page: 1,
          ordinal: 0,
          failure: { code: 'record_quarantined', data: { issues: [{ pointer: '/given' }] } },
        });
        expect((await storedUsers()).map((row) => row.recordId)).toContain('u3');
      });

      test('quarantines a null among the records as any other that is none', async () => {
        (fixture.school.data.users as unknown[]).push(null);

        const { run, user } = await fixture.sync();

        expect(user?.counts).toMatchObject({ created: 5, quarantined: 1 });
        expect(await listQuarantined(fixture.platform.store, run, 10)).toMatchObject([{ recordId: null }]);
      });

      test('deletes nothing when the list changed while it was read, though the last page adds up', async () => {
        await fixture.sync();
        const { openClient } = fixture.worker;
        let pages = 0;

        const { run, user } = await fixture.sync({
          openClient: (options) => {
            const client = openClient(options);
            return {
              ...client,
              async fetchPage(request) {
                // u1 goes after the first page of users has been sent: u3 slides onto that page, and is never seen.
                if (request.path === '/users' && ++pages === 2) fixture.school.data.users.shift();
                return await client.fetchPage(request);
              },
            };
          },
        });

        expect(run.state).toBe('partial');
        expect(user).toMatchObject({ counts: { deleted: 0 }, failure: { code: 'incomplete_fetch' } });
        expect((await storedUsers()).map((row) => row.recordId)).toEqual(['u1', 'u2', 'u3', 'u4', 'u5']);
      });

      test('deletes nothing when a record came without a readable id', async () => {
        await fixture.sync();
        fixture.school.data.users.splice(0, 1);
        fixture.school.data.users.push({ given: 'Nameless', family: 'One' });

        const { run, user } = await fixture.sync();

        expect(user).toMatchObject({
          stage: 'done',
          counts: { deleted: 0, quarantined: 1 },
          failure: { code: 'incomplete_fetch' },
        });
        expect(run.state).toBe('partial');
        expect(await storedUsers()).toHaveLength(5);
      });

      test('a mapping that breaks costs the record and leaves its error in the log', async () => {
        const entities = paperSchool.entities.map((entity) => ({
          ...entity,
          read: (record: unknown) => {
            if ((record as { id: string }).id === 'u2') throw new TypeError('no such member');
            return entity.read(record);
          },
        }));
        const runId = await fixture.start();
        const task = { customerId: owner.customerId, runId, slice: 0 };
        const delivery = { retryCount: 0, signal: new AbortController().signal };

        await runSlice(fixture.worker, { ...paperSchool, entities }, task, delivery);

        expect((await fixture.outcome(runId)).user?.counts).toMatchObject({ quarantined: 1, created: 4 });
        expect(fixture.logged.join('')).toContain('no such member');
      });

      test('takes the same record twice as one, and quarantines a different one under the same id', async () => {
        fixture.school.data.users.push({ id: 'u1', given: 'Given 1', family: 'Oakley' });
        fixture.school.data.users.push({ id: 'u2', given: 'Somebody', family: 'Else' });

        const { user } = await fixture.sync();

        expect(user?.counts).toMatchObject({ received: 7, repeated: 1, quarantined: 1, created: 5 });
      });

      test('passes over a collection that the vendor does not have, unless records of it are stored', async () => {
        fixture.school.addFault('GET /users: 404');

        const first = await fixture.sync();
        expect(first.run.state).toBe('succeeded');
        expect(first.user).toMatchObject({ stage: 'skipped', failure: { code: 'not_found' } });

        fixture.school.clearFaults();
        await fixture.sync();
        fixture.school.addFault('GET /users: 404');
        const last = await fixture.sync();
        expect(last.run.state).toBe('partial');
        expect(last.user).toMatchObject({ stage: 'failed', failure: { code: 'vendor_answer_invalid' } });
        expect(await storedUsers()).toHaveLength(5);
      });

      test('fails where the vendor has none of the collections: a wrong base URL looks like that', async () => {
        fixture.school.addFault('GET *: 404 times=always');

        const { run } = await fixture.sync();

        expect(run).toMatchObject({
          state: 'failed',
          failure: { code: 'vendor_answer_invalid', data: { entityTypes: ['org', 'user'] } },
        });
      });

      test('fails the one entity type that the credentials may not read', async () => {
        fixture.school.addFault('GET /users: 403');

        const { run, org, user } = await fixture.sync();

        expect(run.state).toBe('partial');
        expect(org?.stage).toBe('done');
        expect(user).toMatchObject({ stage: 'failed', failure: { code: 'credentials_rejected' } });
      });

      test('stops an entity type that is empty where records are stored, and deletes nothing', async () => {
        await fixture.sync();
        fixture.school.data.users.length = 0;

        const { run, user } = await fixture.sync();

        expect(run.state).toBe('partial');
        expect(user).toMatchObject({ stage: 'failed', failure: { code: 'verification_failed' } });
        expect(await storedUsers()).toHaveLength(5);
      });

      test('skips the entity types that refer to one that failed', async () => {
        await fixture.sync();
        fixture.school.data.orgs.length = 0;

        const { org, user } = await fixture.sync();

        expect(org?.stage).toBe('failed');
        expect(user).toMatchObject({ stage: 'skipped', failure: { data: { refersTo: 'org' } } });
      });

      test('deletes nothing when fewer records came than were announced', async () => {
        await fixture.sync();
        fixture.school.addFault('GET /users page=3: drop-records=1');

        const { user } = await fixture.sync();

        expect(user).toMatchObject({
          counts: { deleted: 0 },
          failure: { code: 'incomplete_fetch', data: { received: 4, announced: 5 } },
        });
        expect(await storedUsers()).toHaveLength(5);
      });
    });

    describe('when things break', () => {
      test('a slice that runs out of time hands over, and no committed page is fetched again', async () => {
        const clock = createManualClock();
        await fixture.close();
        fixture = await createFixture({ clock });
        const runId = await fixture.start();
        const timely = { ...fixture.worker, openClient: exhaustAfter(3, clock) };

        expect(await fixture.deliver(runId, { worker: timely })).toBe('continued');
        expect((await fixture.outcome(runId)).user?.pages).toBeGreaterThan(0);
        expect(await fixture.deliver(runId)).toBe('finished');

        const { user } = await fixture.outcome(runId);
        expect(user?.counts).toMatchObject({ received: 5, created: 5 });
        expect(fixture.school.requests('GET /users page=1')).toHaveLength(1);
      });

      test('a task that arrives again after its run has ended does nothing', async () => {
        const { run } = await fixture.sync();

        expect(await fixture.deliver(run.runId)).toBe('stale');
        expect(await allChanges()).toHaveLength(6);
      });

      test('a vendor that is down is tried again, and goes on where it stopped', async () => {
        fixture.school.addFault('GET /users page=2: 500 times=1');
        const runId = await fixture.start();

        await expect(fixture.deliver(runId)).rejects.toMatchObject({ code: 'vendor_unavailable' });
        expect(await fixture.deliver(runId, { retryCount: 1 })).toBe('finished');

        const { run, user } = await fixture.outcome(runId);
        expect(run.state).toBe('succeeded');
        expect(user?.counts).toMatchObject({ received: 5, created: 5 });
        expect(fixture.school.requests('GET /users page=1')).toHaveLength(1);
      });

      test('the last attempt ends the run as failed, with the reason', async () => {
        fixture.school.addFault('GET /users: 500');
        const runId = await fixture.start();

        expect(await fixture.deliver(runId, { retryCount: 2 })).toBe('finished');

        expect((await fixture.outcome(runId)).run).toMatchObject({
          state: 'failed',
          failure: { code: 'vendor_unavailable' },
        });
      });

      test('credentials that the vendor refuses end the run at once', async () => {
        fixture.school.addFault('GET /orgs: 401');
        const runId = await fixture.start();

        expect(await fixture.deliver(runId)).toBe('finished');

        expect((await fixture.outcome(runId)).run).toMatchObject({
          state: 'failed',
          failure: { code: 'credentials_rejected' },
        });
      });

      test('a vendor that asks for a long wait gets it, without an attempt being counted', async () => {
        fixture.school.addFault('GET /users: 429 retry-after=600 times=1');
        const runId = await fixture.start();

        expect(await fixture.deliver(runId, { retryCount: 2 })).toBe('waiting');
        const { run } = await fixture.outcome(runId);
        expect(Date.parse(run.dueAt ?? '') - fixture.worker.clock.now()).toBe(600_000);
        expect(await fixture.deliver(runId)).toBe('finished');

        expect((await fixture.outcome(runId)).run.state).toBe('succeeded');
      });

      test('a vendor that asks for an endless wait is asked again in six hours, and after a day the run ends', async () => {
        const clock = createManualClock();
        await fixture.close();
        fixture = await createFixture({ clock });
        fixture.school.addFault('GET /orgs: 429 retry-after=999999999999999 times=always');
        const runId = await fixture.start();

        expect(await fixture.deliver(runId)).toBe('waiting');
        const { run } = await fixture.outcome(runId);
        expect(Date.parse(run.dueAt ?? '') - clock.now()).toBe(6 * 3_600_000);
        await clock.advance(25 * 3_600_000);
        expect(await fixture.deliver(runId)).toBe('finished');

        expect((await fixture.outcome(runId)).run).toMatchObject({
          state: 'failed',
          failure: { code: 'rate_limited' },
        });
      });

      test('a run that another one overtook fetches anew what it had not finished, and deletes nothing that came since', async () => {
        const clock = createManualClock();
        await fixture.close();
        fixture = await createFixture({ clock });
        const first = await fixture.start();
        await fixture.deliver(first, { worker: { ...fixture.worker, openClient: exhaustAfter(4, clock) } });
        expect((await fixture.outcome(first)).user?.stage).not.toBe('done');
        await clock.advance(3_600_000);
        fixture.school.data.users.push({ id: 'u6', given: 'Late', family: 'Comer' });
        await fixture.sync();

        expect(await fixture.deliver(first)).toBe('finished');

        const { run, user } = await fixture.outcome(first);
        expect(run.state).toBe('succeeded');
        expect(user?.counts).toMatchObject({ received: 6, unchanged: 6, deleted: 0 });
        expect((await storedUsers()).map((row) => row.recordId)).toContain('u6');
      });

      test('a run that ended while a second delivery of its task was on the way stays ended', async () => {
        const runId = await fixture.start();
        const open = await readRun(fixture.platform.store, owner.customerId, runId);
        await fixture.deliver(runId);
        const ended = (await fixture.outcome(runId)).run;

        await expect(acquireLease(fixture.platform.store, fixture.worker.clock, open)).rejects.toMatchObject({
          code: 'lease_lost',
        });

        expect((await fixture.outcome(runId)).run).toEqual(ended);
      });

      test('a run does not end before its changes are sent, and what a failed run left is sent by the sweep', async () => {
        const stop = new AbortController();
        const bus = {
          ...fixture.platform.bus,
          publish: async (...message: Parameters<typeof fixture.platform.bus.publish>) => {
            stop.abort(new Error('SIGTERM'));
            return await fixture.platform.bus.publish(...message);
          },
        };
        const runId = await fixture.start();

        expect(
          await fixture.deliver(runId, { worker: { ...fixture.worker, bus }, signal: stop.signal }),
        ).toBe('continued');
        expect((await fixture.outcome(runId)).run.state).toBe('running');
        const down = {
          ...fixture.platform.bus,
          publish: () => Promise.reject(new Failure('unavailable', 'down')),
        };
        await fixture.deliver(runId, { worker: { ...fixture.worker, bus: down }, retryCount: 2 });
        expect((await fixture.outcome(runId)).run.state).toBe('failed');

        const left = (await allChanges()).length - (await readCursor());
        expect(left).toBeGreaterThan(0);
        const { signal } = new AbortController();
        expect(await sweepOutboxes(fixture.worker, 'paper-school', signal)).toBe(left);
        expect(await sweepOutboxes(fixture.worker, 'paper-school', signal)).toBe(0);
      });

      test('a failed run leaves nothing staged behind', async () => {
        fixture.school.addFault('GET /users page=3: 500 times=always');
        const runId = await fixture.start();

        await fixture.deliver(runId, { retryCount: 2 });

        expect((await fixture.outcome(runId)).run.state).toBe('failed');
        expect(await fixture.platform.store.scan(stagedRecords)).toEqual([]);
      });

      test("a run of another vendor's integration is not worked on", async () => {
        const runId = await fixture.start();
        const task = { customerId: owner.customerId, runId, slice: 0 };

        await expect(
          runSlice(fixture.worker, { ...paperSchool, id: 'other' }, task, {
            retryCount: 0,
            signal: new AbortController().signal,
          }),
        ).rejects.toMatchObject({ code: 'forbidden' });
      });

      test('a second run of the integration waits for the first', async () => {
        const clock = createManualClock();
        await fixture.close();
        fixture = await createFixture({ clock });
        const first = await fixture.start();
        const second = await fixture.start();
        await fixture.deliver(first, { worker: { ...fixture.worker, sliceMs: 0 } });

        expect(await fixture.deliver(second)).toBe('waiting');
        while ((await fixture.deliver(first)) !== 'finished');
        expect(await fixture.deliver(second)).toBe('finished');

        expect((await fixture.outcome(second)).user?.counts).toMatchObject({ unchanged: 5, created: 0 });
      });

      test('a worker whose run was taken over writes nothing more', async () => {
        const runId = await fixture.start();
        let takenOver: Promise<unknown> | undefined;
        const slow = {
          ...fixture.worker,
          openClient: (options: Parameters<typeof fixture.worker.openClient>[0]) => {
            const client = fixture.worker.openClient(options);
            return {
              ...client,
              // The queue has delivered the task a second time while the first worker waits for a page.
              async fetchPage(request: Parameters<typeof client.fetchPage>[0]) {
                takenOver ??= fixture.deliver(runId);
                await takenOver;
                return await client.fetchPage(request);
              },
            };
          },
        };

        expect(await fixture.deliver(runId, { worker: slow })).toBe('stale');

        expect((await fixture.outcome(runId)).run.state).toBe('succeeded');
        expect(await allChanges()).toHaveLength(6);
      });

      test('no log line, failure or report carries the credential', async () => {
        fixture.school.addFault('GET /orgs: 401');
        const runId = await fixture.start();
        await fixture.deliver(runId);

        const written = JSON.stringify([fixture.logged, await fixture.outcome(runId)]);
        expect(written).not.toContain('canary-pa55word');
        expect(written).not.toContain(Buffer.from('office:canary-pa55word').toString('base64'));
      });
    });
  });
}
