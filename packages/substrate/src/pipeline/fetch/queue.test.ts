import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../clock/clock.manual.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { records } from '../../store/records.ts';
import { readRunEntityTypes } from '../../store/runs.ts';
import { queueFeed } from '../paper-queue.fixture.ts';
import { paperQueue } from '../paper-school.fixture.ts';
import type { RunWorker } from '../parts.ts';
import { type AskedRun, createPipelineFixture, owner, type PipelineFixture } from '../pipeline.fixture.ts';

const dayMs = 24 * 60 * 60_000;

let fixture: PipelineFixture;
let clock: ManualClock;
let number = 0;
beforeEach(async () => {
  number = 0;
  clock = createManualClock();
  fixture = await createPipelineFixture({ vendor: paperQueue, clock });
  data().users = data().users.map((user) => ({ ...user, school: 'o1' }));
});
afterEach(() => fixture.close());

const data = () => fixture.school.data;
const person = (family: string) => ({ given: 'Any', family, school: 'o1' });

async function night(asked: AskedRun = {}, overrides: Partial<RunWorker> = {}) {
  fixture.school.clearRequests();
  await clock.advance(1_000);
  const { run } = await fixture.sync(overrides, { context: 'nightly', ...asked });
  const all = await readRunEntityTypes(fixture.platform.store, owner.customerId, run.runId);
  const asks = fixture.school.requests().map(({ path }) => path);
  return { run, org: all.get('org'), user: all.get('user'), asks, isWhole: asks.includes('/users') };
}

/** Happens at the vendor, and is told; null: it is deleted. */
function change(of: 'org' | 'user', id: string, record: JsonObject | null): void {
  const shelf = of === 'org' ? data().orgs : data().users;
  const index = shelf.findIndex((one) => one.id === id);
  if (index >= 0) shelf.splice(index, 1);
  if (record !== null) shelf.splice(index < 0 ? shelf.length : index, 0, { id, ...record });
  const op = record === null ? 'gone' : 'put';
  const held = of === 'org' && record !== null ? { record: { id, ...record } } : {};
  data().queue.push({ number: ++number, of, id, op, ...held });
}

async function stored(entityType = 'user') {
  const rows = await fixture.platform.store.scan(records, { prefix: { ...owner, entityType } });
  return Object.fromEntries(rows.map(({ recordId, value }) => [recordId, value]));
}

describe('a queue that is read away', () => {
  test('is emptied by a whole fetch before it begins, since what it tells is in there', async () => {
    change('user', 'u1', person('Ashby'));
    const { run, asks, user } = await night();

    expect([run.state, user?.counts.created]).toEqual(['succeeded', 5]);
    expect(asks.slice(0, 3)).toEqual(['/queue', '/queue', '/orgs']);
    expect(data().queue).toEqual([]);
  });

  test('is read once for all entity types, and what it only names is asked for', async () => {
    await night();
    change('org', 'o2', { name: 'Elm' });
    change('user', 'u1', person('Ashby'));
    change('user', 'u1', person('Birch'));
    change('user', 'u9', { ...person('Comer'), school: 'o2' });
    change('user', 'u2', null);

    const { run, org, user, asks } = await night();

    expect(run.state).toBe('succeeded');
    expect(asks).toEqual([
      ...Array(4).fill('/queue'),
      '/users/u1',
      '/users/u1',
      '/users/u9',
      '/demographics',
    ]);
    expect(org?.counts).toMatchObject({ received: 1, created: 1 });
    expect(user?.counts).toMatchObject({ created: 1, updated: 1, deleted: 1 });
    expect((await stored()).u1).toMatchObject({ familyName: 'Birch' });
    expect(data().queue).toEqual([]);
  });

  test('may tell the same once more, or late: what is named is read as it is now', async () => {
    await night();
    change('user', 'u1', person('Ashby'));
    change('user', 'u3', person('Cole'));
    const late = data().queue.slice(0, 1);
    await night();
    change('user', 'u1', person('Birch'));
    await night();
    data().queue.push(...late);
    data().users = data().users.filter(({ id }) => id !== 'u3');
    data().queue.push({ number: 99, of: 'user', id: 'u3', op: 'put' });

    const { user } = await night();

    expect(user?.counts).toMatchObject({ received: 2, updated: 0, deleted: 1 });
    expect((await stored()).u1).toMatchObject({ familyName: 'Birch' });
  });

  test('tells of something unknown: its entity type is fetched whole, the others are not', async () => {
    await night();
    change('org', 'o2', { name: 'Elm' });
    change('user', 'u1', person('Ashby'));
    data().users.splice(4, 1);
    data().queue.push({ number: ++number, of: 'user', id: 'u2', op: 'merged' });

    const { run, asks, org, user } = await night();

    expect(run.state).toBe('succeeded');
    expect([asks.includes('/users'), asks.includes('/orgs')]).toEqual([true, false]);
    expect([org?.counts.created, user?.counts.updated, user?.counts.deleted]).toEqual([1, 1, 1]);
    expect(fixture.logged.join('')).toContain('message 3 says merged');
    expect((await night()).isWhole).toBe(false);
  });

  test('names a record that cannot be read: the run is partial, and the next one fetches whole', async () => {
    await night();
    change('user', 'u1', person('Ashby'));
    change('user', 'u2', person('Birch'));
    fixture.school.addFault('GET /users/u1: 403');
    const { run, user } = await night();
    expect([run.state, user?.counts.updated, user?.counts.quarantined]).toEqual(['partial', 1, 1]);
    fixture.school.clearFaults();

    const after = await night();
    expect([after.isWhole, after.user?.counts.updated]).toEqual([true, 1]);
    expect((await night()).isWhole).toBe(false);
  });

  test('is left alone by runs that only look, and by those about what it does not tell of', async () => {
    await night();
    change('user', 'u1', person('Ashby'));

    await night({ isDryRun: true });
    await night({ entityTypes: ['user'], recordIds: ['u1'], context: 'realtime' });
    await night({ entityTypes: ['demographics'] });

    expect(data().queue).toHaveLength(1);
    const { user, isWhole } = await night();
    expect([isWhole, user?.counts.unchanged]).toEqual([false, 1]);
  });

  test('is read away by runs over some entity types, each of which hears of its own all the same', async () => {
    await night();
    change('org', 'o1', { name: 'Elm' });
    change('user', 'u1', person('Ashby'));

    const users = await night({ entityTypes: ['user'] });
    expect([users.isWhole, users.user?.counts.updated]).toEqual([false, 1]);
    expect(data().queue).toEqual([]);
    change('org', 'o1', { name: 'Elder' });
    change('user', 'u2', person('Birch'));
    const orgs = await night({ entityTypes: ['org'] });
    expect(orgs.asks.filter((path) => path !== '/queue')).toEqual([]);
    expect(orgs.org?.counts).toMatchObject({ received: 2, updated: 1 });
    expect((await stored('org')).o1).toMatchObject({ name: 'Elder' });

    const { org, user, isWhole } = await night();
    expect([isWhole, org?.counts.unchanged, user?.counts.updated]).toEqual([false, 1, 1]);
    expect((await night()).user?.counts.received).toBe(0);
  });

  test('was read away by a run over some entity types that failed: those are fetched whole, and the others lose nothing', async () => {
    await night();
    change('org', 'o1', { name: 'Elm' });
    change('user', 'u1', person('Ashby'));
    fixture.school.addFault('GET /users/u1: 401 times=always');
    expect((await night({ entityTypes: ['user'] })).run.state).toBe('failed');
    fixture.school.clearFaults();
    expect(data().queue).toEqual([]);

    const orgs = await night({ entityTypes: ['org'] });
    expect([orgs.asks.includes('/orgs'), orgs.org?.counts.updated]).toEqual([false, 1]);
    const users = await night({ entityTypes: ['user'] });
    expect([users.isWhole, users.user?.counts.updated]).toEqual([true, 1]);
  });

  test('was read away while an entity type was paused: that one hears of it once it is on again', async () => {
    await night();
    await fixture.choose({ disabledEntityTypes: ['org'] });
    change('org', 'o1', { name: 'Elm' });
    expect((await night()).isWhole).toBe(false);
    expect(data().queue).toEqual([]);
    await fixture.choose({ disabledEntityTypes: [] });

    const { org, isWhole } = await night();

    expect([isWhole, org?.counts.updated]).toEqual([false, 1]);
  });

  test('is kept no longer than is certain: who has not asked for so long fetches whole', async () => {
    await fixture.close();
    const { keptDays: _, ...feed } = queueFeed;
    fixture = await createPipelineFixture({ vendor: { ...paperQueue, feed }, clock });
    await fixture.choose({ fullSyncEveryDays: 60 });
    await night();
    await clock.advance(13 * dayMs);
    expect((await night({ entityTypes: ['org'] })).asks).not.toContain('/orgs');
    await clock.advance(2 * dayMs);
    expect((await night({ entityTypes: ['user'] })).isWhole).toBe(true);
    expect((await night({ entityTypes: ['org'] })).asks).not.toContain('/orgs');
  });

  test('was read away by a run that failed, was held, or was overtaken: then the next one fetches whole', async () => {
    await night();
    change('user', 'u1', person('Ashby'));
    fixture.school.addFault('GET /demographics: 401');
    expect((await night()).run.state).toBe('failed');
    fixture.school.clearFaults();
    expect(data().queue).toEqual([]);
    const after = await night();
    expect([after.isWhole, after.user?.counts.updated]).toEqual([true, 1]);

    await fixture.choose({ limits: { toOurs: { update: { percent: 0, floor: 0 } } } });
    await night();
    change('user', 'u2', person('Birch'));
    expect((await night()).run.state).toBe('held');
    expect((await night()).isWhole).toBe(true);
  });

  test('is overtaken by a run over some entity types: what it had told is fetched whole then', async () => {
    await night();
    change('org', 'o1', { name: 'Elm' });
    change('user', 'u1', person('Ashby'));
    const first = await fixture.start();
    const { openClient } = fixture.worker;
    await fixture.deliver(first, {
      worker: {
        ...fixture.worker,
        openClient: (options) => {
          const client = openClient(options);
          return {
            ...client,
            async fetchPage(request) {
              const page = await client.fetchPage(request);
              if (request.path === '/queue') await clock.advance(fixture.worker.sliceMs);
              return page;
            },
          };
        },
      },
    });
    await clock.advance(3_600_000);
    change('user', 'u1', person('Late'));
    await night({ entityTypes: ['user'] });

    while ((await fixture.deliver(first)) !== 'finished');

    expect((await stored('org')).o1).toMatchObject({ name: 'Elm' });
    expect((await stored()).u1).toMatchObject({ familyName: 'Late' });
  });

  test.each(['500', '403', 'html 200'])(
    'that answers %s has everything read until it can be',
    async (fault) => {
      await night();
      change('user', 'u1', person('Ashby'));
      fixture.school.addFault(`GET /queue: ${fault} times=always`);
      const { run, isWhole, user } = await night();
      expect([run.state, isWhole, user?.counts.updated]).toEqual(['succeeded', true, 1]);
      expect(fixture.logged.join('')).toContain('queue of changes could not be read');
      expect((await night()).isWhole).toBe(true);
      fixture.school.clearFaults();
      expect((await night()).isWhole).toBe(true);
      expect((await night()).isWhole).toBe(false);
    },
  );

  test('cannot be part of a feed that names its latest event: the run says so', async () => {
    await fixture.close();
    const feed = { ...queueFeed, latest: () => ({ path: '/events' }), cursorIn: () => `e${clock.now()}` };
    fixture = await createPipelineFixture({ vendor: { ...paperQueue, feed }, clock });
    await night();
    expect((await night()).run).toMatchObject({ state: 'failed', failure: { code: 'config_invalid' } });
  });

  test('has forgotten what was not asked for in time: then everything is fetched whole', async () => {
    await night();
    await fixture.choose({ fullSyncEveryDays: 30 });
    await night();
    await clock.advance(4 * dayMs);
    expect((await night()).isWhole).toBe(false);
    await clock.advance(5 * dayMs);
    expect((await night()).isWhole).toBe(true);
  });
});
