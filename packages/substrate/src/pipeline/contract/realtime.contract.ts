import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../clock/clock.manual.ts';
import type { JsonObject } from '../../json/json-value.ts';
import type { EntityType } from '../../model/entity-types.ts';
import { listQuarantined } from '../../store/quarantine.ts';
import type { RunWorker } from '../parts.ts';
import { category, openGradebookSeat, user } from './gradebook-seat.contract.ts';
import type { PipelineSeat } from './pipeline-seat.contract.ts';

/** What a run for some records does, at once and without reading whole sets. */
export function describeRealtime(seat: PipelineSeat): void {
  const book = openGradebookSeat(seat);
  const { edit, remove, ours, pushes, writes } = book;
  const data = () => seat.fixture.school.data;
  const theirUser = (id: string) => data().users.find((one) => one.id === id);
  const syncSome = (entityType: EntityType, recordIds: readonly string[], worker?: Partial<RunWorker>) =>
    seat.fixture.sync(worker, { context: 'realtime', entityTypes: [entityType], recordIds });
  const requested = () => seat.fixture.school.requests().map(({ method, path }) => `${method} ${path}`);

  describe('a realtime run', () => {
    test('takes over one record that the vendor has changed, and reads no other', async () => {
      await book.begin();
      Object.assign(theirUser('u1') as object, { family: 'Birch' });
      Object.assign(theirUser('u2') as object, { family: 'Cedar' });

      const { run, user: counted } = await syncSome('user', ['u1']);

      expect(run.state).toBe('succeeded');
      expect(counted).toMatchObject({ stage: 'done', counts: { received: 1, updated: 1 } });
      expect(requested()).toEqual(['GET /users/u1']);
      expect(await ours('user')).toMatchObject({
        u1: { value: { familyName: 'Birch' } },
        u2: { value: { familyName: 'Oakley' } },
      });
    });

    test('writes one of ours, reads it again, and leaves both sides the same', async () => {
      await book.begin();
      await edit('user', 'u1', { familyName: 'Ashby' });
      Object.assign(theirUser('u1') as object, { mail: 'one@school.example' });

      const { run } = await syncSome('user', ['u1']);

      expect(run.state).toBe('succeeded');
      expect(requested()).toEqual(['GET /users/u1', 'PUT /users/u1', 'GET /users/u1']);
      expect((await ours('user')).u1).toMatchObject({
        value: { familyName: 'Ashby', email: 'one@school.example' },
        editedAt: null,
      });
      expect(await pushes(run.runId)).toMatchObject([{ recordId: 'u1', state: 'accepted' }]);
    });

    test('writes nothing and notes no change where nothing has changed', async () => {
      await book.begin();
      const before = [await ours('user'), await seat.allChanges()];

      const { run, user: counted } = await syncSome('user', ['u1', 'u2']);

      expect(run.state).toBe('succeeded');
      expect(counted?.counts).toMatchObject({ received: 2, updated: 0, agreed: 0 });
      expect([await ours('user'), await seat.allChanges()]).toEqual(before);
      expect(writes()).toEqual([]);
    });

    test('creates, updates and deletes several at once, in whatever order they are named, each once', async () => {
      await book.begin();
      for (let n = 0; n < 30; n++) await edit('user', `n${n}`, { ...user, familyName: `Comer ${n}` });
      await remove('user', 'u5');
      data().users.push({ id: 'u6', given: 'Late', family: 'Comer' });
      const ids = ['u6', 'u5', 'u5', ...Array.from({ length: 30 }, (_, n) => `n${n}`).toReversed(), 'u6'];

      const { run, user: counted } = await syncSome('user', ids);

      expect(run.state).toBe('succeeded');
      expect(counted?.counts).toMatchObject({ received: 32, created: 1, pushCreated: 30, pushDeleted: 1 });
      expect(data().users).toHaveLength(35);
      expect(Object.keys(await ours('user'))).toHaveLength(35);
    });

    test('deletes ours where the vendor says that it does not have the record any more', async () => {
      await book.begin();
      data().users.shift();

      const { run, user: counted } = await syncSome('user', ['u1']);

      expect(run.state).toBe('succeeded');
      expect(counted?.counts).toMatchObject({ deleted: 1 });
      expect(await ours('user')).not.toHaveProperty('u1');
    });

    test('deletes nothing on the word of a proxy, and says what it got', async () => {
      await book.begin();
      seat.fixture.school.addFault('GET /users/u1: html 404');

      const { run } = await syncSome('user', ['u1', 'u2']);

      expect(run.state).toBe('partial');
      expect(await ours('user')).toHaveProperty('u1');
      const [left] = await listQuarantined(seat.fixture.platform.store, run, 10);
      expect(left).toMatchObject({ recordId: 'u1', failure: { code: 'vendor_answer_invalid' } });
    });

    test('takes an unknown record that neither side has for what it is: nothing', async () => {
      await book.begin();

      const { run } = await syncSome('user', ['nobody']);

      expect(run.state).toBe('succeeded');
      expect(await ours('user')).not.toHaveProperty('nobody');
    });

    test('stores a conflict, holds that record, and brings the others in step', async () => {
      await book.begin();
      await edit('user', 'u1', { familyName: 'Ours' });
      await edit('user', 'u2', { familyName: 'Ashby' });
      Object.assign(theirUser('u1') as object, { family: 'Theirs' });

      const { run, user: counted } = await syncSome('user', ['u1', 'u2']);
      await syncSome('user', ['u1']);

      expect(run.state).toBe('succeeded');
      expect(counted?.counts).toMatchObject({ conflicted: 1, pushUpdated: 1 });
      expect(await book.conflicts()).toMatchObject([{ recordId: 'u1', state: 'open', runId: run.runId }]);
      expect(theirUser('u1')).toMatchObject({ family: 'Theirs' });
      expect(theirUser('u2')).toMatchObject({ family: 'Ashby' });
    });

    test('leaves out a record that cannot be read, with the reason, and brings the others in step', async () => {
      await book.begin();
      Object.assign(theirUser('u1') as object, { given: 1 });
      Object.assign(theirUser('u2') as object, { family: 'Birch' });

      const { run, user: counted } = await syncSome('user', ['u1', 'u2']);

      expect(run.state).toBe('partial');
      expect(counted).toMatchObject({
        counts: { quarantined: 1, updated: 1 },
        failure: { code: 'record_quarantined' },
      });
      const [left] = await listQuarantined(seat.fixture.platform.store, run, 10);
      expect(left).toMatchObject({ recordId: 'u1', failure: { data: { issues: [{ pointer: '/given' }] } } });
      expect((await ours('user')).u1).toMatchObject({ value: { givenName: 'Given 1' } });
    });

    test('that the vendor refuses a write keeps the answer, and the next whole run tries again', async () => {
      await book.begin();
      await edit('user', 'u1', { primaryOrgSourcedId: 'nowhere' });

      const { run } = await syncSome('user', ['u1']);
      data().orgs.push({ id: 'nowhere', name: 'Nowhere' });
      await seat.fixture.sync();

      expect(run.state).toBe('partial');
      expect(await pushes(run.runId)).toMatchObject([
        { state: 'refused', failure: { data: { status: 422 } } },
      ]);
      expect(theirUser('u1')).toMatchObject({ school: 'nowhere' });
    });

    test('creates a record that gets its id there, once, and finds it by its first id later', async () => {
      await book.begin();
      await edit('category', 'c-ours', category);

      await syncSome('category', ['c-ours']);
      Object.assign(data().categories[0] as object, { title: 'Renamed' });
      const { run } = await syncSome('category', ['c-ours']);

      expect(run.state).toBe('succeeded');
      expect(data().categories).toHaveLength(1);
      expect(await ours('category')).toMatchObject({ 'cat-1': { value: { title: 'Renamed' } } });
      expect(Object.keys(await ours('category'))).toEqual(['cat-1']);
    });

    test('waits while another run of the integration is under way', async () => {
      const clock = createManualClock();
      await book.begin({}, { clock });
      await edit('user', 'u1', { familyName: 'Ashby' });
      const nightly = await seat.fixture.start();
      await seat.fixture.deliver(nightly, { worker: { ...seat.fixture.worker, sliceMs: 0 } });
      const runId = await seat.fixture.start({
        context: 'realtime',
        entityTypes: ['user'],
        recordIds: ['u1'],
      });

      expect(await seat.fixture.deliver(runId)).toBe('waiting');
      expect(writes()).toEqual([]);
      while ((await seat.fixture.deliver(nightly)) !== 'finished');
      expect(await seat.fixture.deliver(runId)).toBe('finished');

      expect((await seat.fixture.outcome(runId)).run.state).toBe('succeeded');
      expect(writes()).toHaveLength(1);
    });

    test('of a vendor that is down is tried again, and records that came through are not written twice', async () => {
      await book.begin();
      for (const id of ['u1', 'u2', 'u3']) await edit('user', id, { familyName: 'Ashby' });
      seat.fixture.school.addFault('PUT /users/u2: 503 times=1');
      const runId = await seat.fixture.start({
        context: 'realtime',
        entityTypes: ['user'],
        recordIds: ['u1', 'u2', 'u3'],
      });

      await expect(seat.fixture.deliver(runId)).rejects.toMatchObject({ code: 'vendor_unavailable' });
      expect(await seat.fixture.deliver(runId, { retryCount: 1 })).toBe('finished');

      const { run, user: counted } = await seat.fixture.outcome(runId);
      expect(run.state).toBe('succeeded');
      expect(counted?.counts).toMatchObject({ received: 3, pushUpdated: 3 });
      expect(
        writes()
          .map(({ path, status }) => `${path} ${status}`)
          .toSorted(),
      ).toEqual(['/users/u1 204', '/users/u2 204', '/users/u2 503', '/users/u3 204']);
    });

    test('that asks for what the vendor does not show one by one fails, and says so', async () => {
      await book.begin();

      const { run } = await syncSome('org', ['o1']);

      expect(run).toMatchObject({ state: 'failed', failure: { code: 'invalid_params' } });
    });
  });

  describe('a create whose answer is lost', () => {
    test.each([
      ['the connection breaks before the vendor has it', 'POST /categories: reset'],
      ['the connection breaks after the vendor took it', 'POST /categories: cut'],
    ])('because %s is made once, whichever run comes next', async (_why, fault) => {
      await book.begin();
      await edit('category', 'c-ours', category);
      seat.fixture.school.addFault(fault);
      const lost = await seat.fixture.start();
      await seat.fixture.deliver(lost, { retryCount: 2 });
      expect((await seat.fixture.outcome(lost)).run.state).toBe('failed');

      const { run } = await seat.fixture.sync();

      expect(run.state).toBe('succeeded');
      expect(data().categories).toEqual([{ id: 'cat-1', title: 'Homework', weight: 1 }]);
      expect(await ours('category')).toMatchObject({ 'cat-1': { value: { weight: 1 }, editedAt: null } });
      expect(Object.keys(await ours('category'))).toEqual(['cat-1']);
    });

    test('is found by a realtime run, also after an edit of ours', async () => {
      await book.begin();
      await edit('category', 'c-ours', category);
      seat.fixture.school.addFault('POST /categories: cut');
      await seat.fixture.deliver(await seat.fixture.start(), { retryCount: 2 });
      await edit('category', 'c-ours', { title: 'Reading' });

      const { run } = await syncSome('category', ['c-ours']);

      expect(run.state).toBe('succeeded');
      expect(data().categories).toEqual([{ id: 'cat-1', title: 'Reading', weight: 1 }]);
    });

    test('is taken back at the vendor, where ours was deleted meanwhile', async () => {
      await book.begin();
      await edit('category', 'c-ours', category);
      seat.fixture.school.addFault('POST /categories: cut');
      await seat.fixture.deliver(await seat.fixture.start(), { retryCount: 2 });
      await remove('category', 'c-ours');

      await seat.fixture.sync();

      expect(data().categories).toEqual([]);
      expect(await ours('category')).toEqual({});
    });

    test('is not made again while the list in which it would stand cannot be read', async () => {
      await book.begin();
      await edit('category', 'c-ours', category);
      seat.fixture.school.addFault('POST /categories: cut');
      await seat.fixture.deliver(await seat.fixture.start(), { retryCount: 2 });
      seat.fixture.school.addFault('GET /categories: html 200 times=always');

      const { run } = await syncSome('category', ['c-ours']);

      expect(run.state).toBe('partial');
      expect(data().categories).toHaveLength(1);
      expect(await pushes(run.runId)).toMatchObject([{ state: 'unverified' }]);
      seat.fixture.school.clearFaults();
      expect((await seat.fixture.sync()).run.state).toBe('succeeded');
      expect(data().categories).toHaveLength(1);
      expect(Object.keys(await ours('category'))).toEqual(['cat-1']);
    });

    test('is told from another record that says the same and that we have', async () => {
      await book.begin();
      data().categories.push({ id: 'cat-9', title: 'Homework' });
      await seat.fixture.sync();
      await edit('category', 'c-ours', category);
      seat.fixture.school.addFault('POST /categories: reset');
      await seat.fixture.deliver(await seat.fixture.start(), { retryCount: 2 });

      await seat.fixture.sync();

      expect(data().categories.map(({ id }) => id)).toEqual(['cat-9', 'cat-1']);
      expect(Object.keys(await ours('category')).toSorted()).toEqual(['cat-1', 'cat-9']);
    });

    test('holds none of the others back that the vendor took', async () => {
      await book.begin();
      for (const title of ['One', 'Two', 'Three'])
        await edit('category', `c-${title}`, { ...category, title });
      seat.fixture.school.addFault('POST /categories: 503');
      const runId = await seat.fixture.start();

      await expect(seat.fixture.deliver(runId)).rejects.toMatchObject({ code: 'vendor_unavailable' });
      expect(Object.keys(await ours('category')).filter((id) => id.startsWith('cat-'))).toHaveLength(2);
      while ((await seat.fixture.deliver(runId, { retryCount: 1 })) !== 'finished');

      expect(
        data()
          .categories.map(({ title }) => title as string)
          .toSorted(),
      ).toEqual(['One', 'Three', 'Two']);
      expect(Object.keys(await ours('category'))).toHaveLength(3);
    });
  });

  describe('many records', () => {
    test('are written in groups, with a commit after each', async () => {
      await book.begin({ limits: { toTheirs: { create: 'off' } } });
      for (let n = 0; n < 60; n++)
        await edit('user', `n${n}`, { ...user, familyName: `Comer ${n}` } as JsonObject);
      const seen: number[] = [];
      const worker = book.around({
        async before({ method }) {
          if (method !== 'PUT') return;
          const stored = Object.values(await ours('user')).filter(({ editedAt }) => editedAt !== null);
          seen.push(stored.length);
        },
      });

      const { user: counted } = await seat.fixture.sync(worker);

      expect(counted?.counts).toMatchObject({ pushCreated: 60 });
      expect([...new Set(seen)]).toEqual([60, 35, 10]);
    });
  });
}
