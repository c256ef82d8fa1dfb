import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../clock/clock.manual.ts';
import { Failure } from '../../failure/failure.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { joined } from '../../store/joined.ts';
import { listPushes } from '../../store/pushes.ts';
import { listQuarantined } from '../../store/quarantine.ts';
import { records } from '../../store/records.ts';
import { readRunEntityTypes } from '../../store/runs.ts';
import type { Store } from '../../store/schema.ts';
import { editRecord } from '../edit-record.ts';
import type { Badge } from '../paper-badges.fixture.ts';
import { paperBadgeJournal, paperBadges } from '../paper-school.fixture.ts';
import type { RunWorker } from '../parts.ts';
import { type AskedRun, createPipelineFixture, owner, type PipelineFixture } from '../pipeline.fixture.ts';
import { decideRun } from '../run/decide-run.ts';

let fixture: PipelineFixture;
let clock: ManualClock;

async function open(vendor = paperBadges): Promise<void> {
  clock = createManualClock();
  fixture = await createPipelineFixture({ vendor, clock });
  fixture.school.data.badges = [badge('b1', 'u1', '11'), badge('b2', 'u2', '22'), badge('b3', 'u2', '23')];
}
beforeEach(() => open());
afterEach(() => fixture.close());

const data = () => fixture.school.data;

function badge(id: string, user: string, number: unknown, more: Partial<Badge> = {}): Badge {
  return { id, user, number, ...more };
}

async function sync(asked: AskedRun = {}, overrides: Partial<RunWorker> = {}) {
  fixture.school.clearRequests();
  await clock.advance(1_000);
  const { run } = await fixture.sync(overrides, asked);
  const all = await readRunEntityTypes(fixture.platform.store, owner.customerId, run.runId);
  const quarantined = await listQuarantined(fixture.platform.store, run, 10);
  return { run, user: all.get('user'), rooms: all.get('class'), org: all.get('org'), quarantined };
}

async function stored(entityType = 'user'): Promise<Readonly<Record<string, JsonObject | null>>> {
  const rows = await fixture.platform.store.scan(records, { prefix: { ...owner, entityType } });
  return Object.fromEntries(rows.map(({ recordId, value }) => [recordId, value]));
}

/** By user. */
async function numbers(): Promise<Readonly<Record<string, unknown>>> {
  const users = Object.entries(await stored()).filter(([, value]) => value?.identifier !== undefined);
  return Object.fromEntries(users.map(([id, value]) => [id, value?.identifier]));
}

/** What is kept of a list, by key and id. */
async function kept(list = 'badges'): Promise<readonly string[]> {
  const rows = await fixture.platform.store.scan(joined, { prefix: { ...owner } });
  return rows.filter((row) => row.list === list).map(({ key, id }) => `${key} ${id}`);
}

const asks = (path: string) => fixture.school.requests(`GET ${path}`).length;
const inStep = { u1: '11', u2: '22+23' };

describe('a list that says more of the records of another', () => {
  test('is read before them, page by page, and what it says is added to each', async () => {
    data().badges.push(badge('b4', 'u5', '55', { off: true }), badge('b5', 'nobody', '99', { phone: '7' }));

    const { run, user } = await sync();

    expect(run.state).toBe('succeeded');
    expect(user).toMatchObject({
      pages: 3,
      counts: { received: 5, created: 5, quarantined: 0 },
      failure: null,
    });
    expect(await numbers()).toEqual(inStep);
    const order = fixture.school.requests().map(({ path }) => path);
    expect(order.filter((path) => /badges|users/.test(path))).toEqual([
      ...Array.from({ length: 3 }, () => '/badges'),
      ...Array.from({ length: 3 }, () => '/users'),
    ]);
    // What is said of somebody who is not there (yet) is kept, too; what says nothing is not.
    expect(await kept()).toEqual(['nobody b5', 'u1 b1', 'u2 b2', 'u2 b3']);
  });

  test('writes nothing where it says what it said before', async () => {
    await sync();
    const written: string[] = [];

    const { user } = await sync({}, { store: watched(fixture.platform.store, written) });

    expect(user?.counts).toMatchObject({ received: 5, unchanged: 5 });
    expect(written).toContain('run_entity_types');
    expect(written).not.toContain('joined');
    expect(written).not.toContain('staged_records');
  });

  test('changes the records of which it says something else, more, less, or nothing any more', async () => {
    data().badges.push(badge('b4', 'u3', '33'), badge('b5', 'u4', '44'));
    await sync();
    // One is another's now, one says otherwise, one is gone, one is off, and one is new.
    data().badges = [
      badge('b1', 'u5', '11'),
      badge('b2', 'u2', '20', { phone: '7' }),
      badge('b4', 'u3', '33'),
      badge('b5', 'u4', '44', { off: true }),
      badge('b6', 'u3', '36'),
    ];

    const { run, user } = await sync();

    expect(run.state).toBe('succeeded');
    expect(user?.counts).toMatchObject({ updated: 5, unchanged: 0, deleted: 0 });
    expect(await numbers()).toEqual({ u2: '20', u3: '33+36', u5: '11' });
    expect((await stored()).u2).toMatchObject({ phone: '7' });
    expect(await kept()).toEqual(['u2 b2', 'u3 b4', 'u3 b6', 'u5 b1']);
  });

  test('has a bad record quarantined alone: what it said before stays, and what is gone is gone', async () => {
    await sync();
    data().badges = [badge('b2', 'u2', 22), badge('b3', 'u2', '23')];

    const { run, user, quarantined } = await sync();

    expect(run.state).toBe('succeeded');
    expect(quarantined).toMatchObject([
      {
        entityType: 'user@badges',
        recordId: 'b2',
        page: 0,
        ordinal: 0,
        failure: { code: 'record_quarantined' },
      },
    ]);
    expect(user?.counts).toMatchObject({ received: 5, quarantined: 1, updated: 1 });
    expect(await numbers()).toEqual({ u2: '22+23' });
  });

  test('forgets nothing where a record came of which nobody knows which it is', async () => {
    await sync();
    data().badges = [{ ...badge('b2', 'u2', '22'), id: 7 } as unknown as Badge, badge('b3', 'u2', '23')];

    const { run, user } = await sync();

    expect([run.state, user?.failure]).toMatchObject([
      'partial',
      { code: 'incomplete_fetch', data: { entityType: 'user@badges', unidentified: 1 } },
    ]);
    expect(await numbers()).toEqual(inStep);
  });

  test.each([
    ['is shorter than announced', 'GET /badges page=2: drop-records=1 times=always'],
    ['is empty', undefined],
  ])('forgets nothing where it %s, and says that nothing is certain to be gone', async (_how, fault) => {
    await sync();
    data().users.pop();
    if (fault === undefined) data().badges = [];
    else fixture.school.addFault(fault);

    const { run, user } = await sync();

    expect([run.state, user?.stage, user?.failure?.code]).toEqual([
      'partial',
      'done',
      fault === undefined ? 'verification_failed' : 'incomplete_fetch',
    ]);
    expect(await numbers()).toEqual(inStep);
    expect(user?.counts.deleted).toBe(0);
    fixture.school.clearFaults();
    data().badges = [badge('b1', 'u1', '11')];
    expect((await sync()).user?.counts).toMatchObject({ deleted: 1, updated: 1 });
  });

  test('has the second of two records of one id refused where it says something else', async () => {
    data().badges.push(badge('b3', 'u2', '29'), badge('b3', 'u2', '23'));

    const { user, quarantined } = await sync();

    expect(quarantined).toMatchObject([{ recordId: 'b3', failure: { code: 'duplicate_id' } }]);
    // As with records of one's own list: fewer came than were announced.
    expect(user).toMatchObject({
      counts: { quarantined: 1 },
      failure: { data: { received: 3, announced: 5 } },
    });
    expect(await numbers()).toEqual(inStep);
  });

  test('is not proven to be whole by one id under two keys, and forgets nothing: ids are unique in the list by themselves', async () => {
    await sync();
    data().badges = [badge('b2', 'u2', '22'), badge('b3', 'u2', '23'), badge('b3', 'u1', '13')];

    const { run, user, quarantined } = await sync();

    expect([run.state, user?.failure]).toMatchObject([
      'partial',
      { code: 'incomplete_fetch', data: { entityType: 'user@badges', received: 2, announced: 3 } },
    ]);
    // Nobody knows which of them is right, and what was said of others before holds.
    expect(quarantined).toEqual([]);
    expect(await kept()).toEqual(expect.arrayContaining(['u1 b1', 'u1 b3', 'u2 b3']));
  });

  test('need not be there; one that was, and is not any more, ends the entity type, and what is stored stays', async () => {
    fixture.school.addFault('GET /badges: 404 times=always');
    expect((await sync()).run.state).toBe('succeeded');
    expect(await numbers()).toEqual({});
    fixture.school.clearFaults();
    await sync();
    expect(await numbers()).toEqual(inStep);
    fixture.school.addFault('GET /badges: 404 times=always');

    const { run, user } = await sync();

    expect([run.state, user?.stage, user?.failure]).toMatchObject([
      'partial',
      'failed',
      { code: 'verification_failed', data: { list: 'badges' } },
    ]);
    expect([await numbers(), asks('/users')]).toEqual([inStep, 0]);
  });

  test('ends the entity type where it may not be read', async () => {
    fixture.school.addFault('GET /badges: 403 times=always');

    const { run, user } = await sync();

    expect([run.state, user?.stage, user?.failure?.code]).toEqual([
      'partial',
      'failed',
      'credentials_rejected',
    ]);
  });

  test('is begun anew where the vendor has forgotten its cursor, and nothing is counted twice', async () => {
    await sync();
    data().badges = [badge('b2', 'u2', 22), badge('b3', 'u2', '23'), badge('b4', 'u4', '44')];
    let expired = 0;

    const { run, user, quarantined } = await sync(
      {},
      onFetch(async (path, cursor) => {
        if (path === '/badges' && cursor !== null && expired++ < 2)
          throw new Failure('cursor_expired', 'Forgotten');
      }),
    );

    expect(run.state).toBe('succeeded');
    expect(user).toMatchObject({
      restarts: [],
      joins: { badges: { restarts: [1, 2] } },
      counts: { quarantined: 1 },
    });
    expect(quarantined).toHaveLength(1);
    expect(await numbers()).toEqual({ u2: '22+23', u4: '44' });
  });

  test('is what the vendor says, whatever becomes of the run: one that only looks has read it too', async () => {
    await sync();
    data().badges.pop();

    const { run } = await sync({ isDryRun: true });

    expect([run.state, await numbers(), await kept()]).toEqual(['succeeded', inStep, ['u1 b1', 'u2 b2']]);
    expect((await sync()).user?.counts).toMatchObject({ updated: 1 });
  });

  test('is read anew by a held run that is approved after another has worked, and nothing that it said before counts', async () => {
    await fixture.choose({ limits: { toOurs: { delete: { percent: 0, floor: 0 } } } });
    await sync();
    data().users.pop();
    const runId = await fixture.start();
    expect(await fixture.deliver(runId)).toBe('finished');
    await sync({ entityTypes: ['user'], recordIds: ['u3'], context: 'realtime' });
    data().badges.splice(1, 2);
    const { customerId } = owner;

    await decideRun(fixture.worker, { customerId, runId, decision: 'approved', by: 'head@oak' });
    while ((await fixture.deliver(runId)) !== 'finished');

    expect((await fixture.outcome(runId)).run.state).toBe('succeeded');
    expect([Object.keys(await stored()), await numbers()]).toEqual([['u1', 'u2', 'u3', 'u4'], { u1: '11' }]);
  });

  test('goes on where it was stopped, and is not asked for again while the records are', async () => {
    for (let stop = 1; stop <= 5; stop++) {
      fixture.school.clearRequests();
      const runId = await fixture.start();
      let pages = 0;
      const exhausted = onFetch(async (path) => {
        if (/badges|users/.test(path) && ++pages === stop) await clock.advance(fixture.worker.sliceMs);
      });
      expect(await fixture.deliver(runId, { worker: { ...fixture.worker, ...exhausted } })).toBe('continued');
      const before = await readRunEntityTypes(fixture.platform.store, owner.customerId, runId);
      const committed = before.get('user')?.joins.badges?.pages ?? 0;
      const asked = asks('/badges');
      while ((await fixture.deliver(runId)) !== 'finished');

      expect(asks('/badges') - asked, `stopped after ${stop}`).toBe(2 - committed);
      expect(await numbers()).toEqual(inStep);
    }
  });
});

describe('a record of which another list says more', () => {
  test('has it when it is read alone, and after it was written', async () => {
    await fixture.choose({ writeBack: ['user'] });
    await sync();
    const record = { ...owner, entityType: 'user', recordId: 'u2' };
    const value = { ...((await stored()).u2 as JsonObject), givenName: 'Mary' };
    await editRecord(fixture.worker, { ...record, value, runId: 'edit' });

    const { run, user } = await sync({ entityTypes: ['user'], recordIds: ['u2'] });

    expect(run.state).toBe('succeeded');
    expect(user?.counts).toMatchObject({ pushUpdated: 1, updated: 0, pushFailed: 0 });
    expect(await listPushes(fixture.platform.store, run, undefined, 10)).toMatchObject([
      { state: 'accepted' },
    ]);
    expect(data().users[1]).toEqual({ id: 'u2', given: 'Mary', family: 'Oakley' });
    expect((await stored()).u2).toMatchObject({ givenName: 'Mary', identifier: '22+23' });
    expect((await sync()).user?.counts).toMatchObject({ unchanged: 5 });
  });

  test('keeps on our side what we change of that: the vendor does not take it there', async () => {
    await fixture.choose({ writeBack: ['user'] });
    await sync();
    const value = { ...((await stored()).u1 as JsonObject), identifier: '12' };
    await editRecord(fixture.worker, { ...owner, entityType: 'user', recordId: 'u1', value, runId: 'edit' });

    const { run, user } = await sync();

    expect([run.state, user?.counts]).toMatchObject(['succeeded', { pushUpdated: 0, updated: 0 }]);
    expect(await numbers()).toEqual({ ...inStep, u1: '12' });
  });
});

describe('a join from the list of another entity type', () => {
  test('is read of what was fetched for that one, without a request', async () => {
    data().rooms.push({ id: 'r4', name: 'Room 4', members: [] });

    const { run, rooms } = await sync();

    expect([run.state, rooms?.counts]).toMatchObject(['succeeded', { received: 4, created: 4 }]);
    expect((await stored('class')).r1).toMatchObject({ title: 'Room 1', location: 'Oak' });
    expect(asks('/orgs')).toBe(1);
    data().orgs[0] = { id: 'o1', name: 'Elm' };
    expect((await sync()).rooms?.counts).toMatchObject({ updated: 4 });
    expect((await stored('class')).r4).toMatchObject({ location: 'Elm' });
  });

  test('is asked for where the other one is not part of the run', async () => {
    const { run } = await sync({ entityTypes: ['class'] });

    expect([run.state, asks('/orgs')]).toEqual(['succeeded', 1]);
    expect((await stored('class')).r1).toMatchObject({ location: 'Oak' });
  });

  test('forgets nothing where that list is not proven to be whole', async () => {
    data().orgs.push({ id: 'o2', name: 'Ash' }, { id: 'o3', name: 'Fir' });
    await sync();
    fixture.school.addFault('GET /orgs page=2: drop-records=1');

    const { rooms } = await sync();

    expect(rooms?.failure).toMatchObject({ code: 'incomplete_fetch', data: { from: 'org' } });
    expect(await kept('places')).toEqual(['o1 o1', 'o2 o2', 'o3 o3']);
  });
});

describe('where the vendor tells what changed', () => {
  test('records of which another list says more are fetched whole as soon as anything is new, others not', async () => {
    await fixture.close();
    await open(paperBadgeJournal);
    data().events.push('e00');
    await sync();
    expect((await sync()).run.state).toBe('unchanged');
    data().badges[0] = badge('b1', 'u1', '12');
    data().events.push('e01');

    const { run, user, org } = await sync();

    expect([run.state, user?.window, org?.window]).toEqual(['succeeded', null, { from: 'e00', to: 'e01' }]);
    expect(await numbers()).toEqual({ ...inStep, u1: '12' });
  });
});

/** Something happens before each page is asked for. */
function onFetch(happens: (path: string, cursor: unknown) => Promise<void>): Pick<RunWorker, 'openClient'> {
  return {
    openClient: (options) => {
      const client = fixture.worker.openClient(options);
      return {
        ...client,
        async fetchPage(request) {
          await happens(request.path, request.cursor);
          return await client.fetchPage(request);
        },
      };
    },
  };
}

/** A store that notes the names of the tables that are written. */
function watched(store: Store, written: string[]): Store {
  return {
    ...store,
    transaction: (body) =>
      store.transaction((transaction) =>
        body({
          ...transaction,
          upsert(table, rows) {
            if (!Array.isArray(rows) || rows.length > 0) written.push(table.name);
            transaction.upsert(table, rows);
          },
        }),
      ),
  };
}
