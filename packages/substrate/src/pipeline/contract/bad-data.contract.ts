import { describe, expect, test } from 'vitest';
import { listQuarantined } from '../../store/quarantine.ts';
import { paperSchool } from '../paper-school.fixture.ts';
import { owner } from '../pipeline.fixture.ts';
import { runSlice } from '../run/run-slice.ts';
import type { PipelineSeat } from './pipeline-seat.contract.ts';

/** What becomes of data that a vendor should not have sent. */
export function describeBadData(seat: PipelineSeat): void {
  describe('bad data', () => {
    test('quarantines a record that does not fit, alone, and does not delete what is stored under its id', async () => {
      await seat.fixture.sync();
      seat.fixture.school.data.users[2] = { id: 'u3', given: 7, family: 'Oakley' };
      seat.fixture.school.data.users[3] = { id: 'u4', given: 'Changed', family: 'Oakley' };

      const { run, user } = await seat.fixture.sync();

      expect(run.state).toBe('succeeded');
      expect(user?.counts).toMatchObject({ quarantined: 1, updated: 1, deleted: 0 });
      const [quarantined] = await listQuarantined(seat.fixture.platform.store, run, 10);
      expect(quarantined).toMatchObject({
        recordId: 'u3',
        page: 1,
        ordinal: 0,
        failure: { code: 'record_quarantined', data: { issues: [{ pointer: '/given' }] } },
      });
      expect((await seat.storedUsers()).map((row) => row.recordId)).toContain('u3');
    });

    test('quarantines a null among the records as any other that is none', async () => {
      (seat.fixture.school.data.users as unknown[]).push(null);

      const { run, user } = await seat.fixture.sync();

      expect(user?.counts).toMatchObject({ created: 5, quarantined: 1 });
      expect(await listQuarantined(seat.fixture.platform.store, run, 10)).toMatchObject([{ recordId: null }]);
    });

    test('deletes nothing when the list changed while it was read, though the last page adds up', async () => {
      await seat.fixture.sync();
      const { openClient } = seat.fixture.worker;
      let pages = 0;

      const { run, user } = await seat.fixture.sync({
        openClient: (options) => {
          const client = openClient(options);
          return {
            ...client,
            async fetchPage(request) {
              // u1 goes after the first page of users has been sent: u3 slides onto that page, and is never seen.
              if (request.path === '/users' && ++pages === 2) seat.fixture.school.data.users.shift();
              return await client.fetchPage(request);
            },
          };
        },
      });

      expect(run.state).toBe('partial');
      expect(user).toMatchObject({ counts: { deleted: 0 }, failure: { code: 'incomplete_fetch' } });
      expect((await seat.storedUsers()).map((row) => row.recordId)).toEqual(['u1', 'u2', 'u3', 'u4', 'u5']);
    });

    test('deletes nothing when a record came without a readable id', async () => {
      await seat.fixture.sync();
      seat.fixture.school.data.users.splice(0, 1);
      seat.fixture.school.data.users.push({ given: 'Nameless', family: 'One' });

      const { run, user } = await seat.fixture.sync();

      expect(user).toMatchObject({
        stage: 'done',
        counts: { deleted: 0, quarantined: 1 },
        failure: { code: 'incomplete_fetch' },
      });
      expect(run.state).toBe('partial');
      expect(await seat.storedUsers()).toHaveLength(5);
    });

    test('a mapping that breaks costs the record and leaves its error in the log', async () => {
      const entities = paperSchool.entities.map((entity) => ({
        ...entity,
        read: (record: unknown) => {
          if ((record as { id: string }).id === 'u2') throw new TypeError('no such member');
          return entity.read(record);
        },
      }));
      const runId = await seat.fixture.start();
      const task = { customerId: owner.customerId, runId, slice: 0 };
      const delivery = { retryCount: 0, signal: new AbortController().signal };

      await runSlice(seat.fixture.worker, { ...paperSchool, entities }, task, delivery);

      expect((await seat.fixture.outcome(runId)).user?.counts).toMatchObject({ quarantined: 1, created: 4 });
      expect(seat.fixture.logged.join('')).toContain('no such member');
    });

    test('takes the same record twice as one, and quarantines a different one under the same id', async () => {
      seat.fixture.school.data.users.push({ id: 'u1', given: 'Given 1', family: 'Oakley' });
      seat.fixture.school.data.users.push({ id: 'u2', given: 'Somebody', family: 'Else' });

      const { user } = await seat.fixture.sync();

      expect(user?.counts).toMatchObject({ received: 7, repeated: 1, quarantined: 1, created: 5 });
    });

    test('passes over a collection that the vendor does not have, unless records of it are stored', async () => {
      seat.fixture.school.addFault('GET /users: 404');

      const first = await seat.fixture.sync();
      expect(first.run.state).toBe('succeeded');
      expect(first.user).toMatchObject({ stage: 'skipped', failure: { code: 'not_found' } });

      seat.fixture.school.clearFaults();
      await seat.fixture.sync();
      seat.fixture.school.addFault('GET /users: 404');
      const last = await seat.fixture.sync();
      expect(last.run.state).toBe('partial');
      expect(last.user).toMatchObject({ stage: 'failed', failure: { code: 'vendor_answer_invalid' } });
      expect(await seat.storedUsers()).toHaveLength(5);
    });

    test('fails where the vendor has none of the collections: a wrong base URL looks like that', async () => {
      seat.fixture.school.addFault('GET *: 404 times=always');

      const { run } = await seat.fixture.sync();

      expect(run).toMatchObject({
        state: 'failed',
        failure: { code: 'vendor_answer_invalid', data: { entityTypes: ['org', 'user'] } },
      });
    });

    test('fails the one entity type that the credentials may not read', async () => {
      seat.fixture.school.addFault('GET /users: 403');

      const { run, org, user } = await seat.fixture.sync();

      expect(run.state).toBe('partial');
      expect(org?.stage).toBe('done');
      expect(user).toMatchObject({ stage: 'failed', failure: { code: 'credentials_rejected' } });
    });

    test('stops an entity type that is empty where records are stored, and deletes nothing', async () => {
      await seat.fixture.sync();
      seat.fixture.school.data.users.length = 0;

      const { run, user } = await seat.fixture.sync();

      expect(run.state).toBe('partial');
      expect(user).toMatchObject({ stage: 'failed', failure: { code: 'verification_failed' } });
      expect(await seat.storedUsers()).toHaveLength(5);
    });

    test('skips the entity types that refer to one that failed', async () => {
      await seat.fixture.sync();
      seat.fixture.school.data.orgs.length = 0;

      const { org, user } = await seat.fixture.sync();

      expect(org?.stage).toBe('failed');
      expect(user).toMatchObject({ stage: 'skipped', failure: { data: { refersTo: 'org' } } });
    });

    test('deletes nothing when fewer records came than were announced', async () => {
      await seat.fixture.sync();
      seat.fixture.school.addFault('GET /users page=3: drop-records=1');

      const { user } = await seat.fixture.sync();

      expect(user).toMatchObject({
        counts: { deleted: 0 },
        failure: { code: 'incomplete_fetch', data: { received: 4, announced: 5 } },
      });
      expect(await seat.storedUsers()).toHaveLength(5);
    });
  });
}
