import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../clock/clock.manual.ts';
import { pages } from '../../store/pages.ts';
import { records } from '../../store/records.ts';
import { readRunEntityTypes } from '../../store/runs.ts';
import { defineVendor } from '../../vendor/define-vendor.ts';
import { paperRooms } from '../paper-school.fixture.ts';
import { type AskedRun, createPipelineFixture, owner, type PipelineFixture } from '../pipeline.fixture.ts';

let fixture: PipelineFixture;
let clock: ManualClock;
beforeEach(async () => {
  clock = createManualClock();
  fixture = await createPipelineFixture({ vendor: paperRooms, clock });
});
afterEach(() => fixture.close());

async function sync(asked: AskedRun = {}) {
  fixture.school.clearRequests();
  await clock.advance(1_000);
  const { run } = await fixture.sync({}, asked);
  const progress = await readRunEntityTypes(fixture.platform.store, owner.customerId, run.runId);
  const asks = fixture.school.requests('GET /rooms').length;
  return { run, rooms: progress.get('class'), members: progress.get('enrollment'), asks };
}

async function storedMembers(): Promise<readonly string[]> {
  const rows = await fixture.platform.store.scan(records, { prefix: { ...owner, entityType: 'enrollment' } });
  return rows.map(({ recordId }) => recordId);
}

const data = () => fixture.school.data;

describe('an entity type that stands in the list of another', () => {
  test('is read from what was fetched for that one: each page is asked for once and kept once', async () => {
    const { run, rooms, members, asks } = await sync();

    expect(run.state).toBe('succeeded');
    expect([rooms?.counts, members?.counts]).toMatchObject([
      { received: 3, created: 3 },
      { received: 6, created: 6 },
    ]);
    expect(await storedMembers()).toEqual(['r1:u1', 'r1:u2', 'r2:u2', 'r2:u3', 'r3:u3', 'r3:u4']);
    expect(asks).toBe(2);
    const rows = await fixture.platform.store.scan(pages);
    const digests = (name: string) =>
      rows.filter(({ entityType }) => entityType === name).map(({ page, digest }) => [page, digest]);
    expect(digests('enrollment')).toEqual(digests('class'));
  });

  test('is found unchanged, changed and gone like any other', async () => {
    await sync();
    expect((await sync()).members?.counts).toMatchObject({ unchanged: 6, created: 0, deleted: 0 });
    data().rooms[0] = { id: 'r1', name: 'Room 1', members: ['u2', 'u5'] };

    const { run, members } = await sync();

    expect(run.state).toBe('succeeded');
    expect(members?.counts).toMatchObject({ unchanged: 5, created: 1, deleted: 1 });
    expect(await storedMembers()).toEqual(['r1:u2', 'r1:u5', 'r2:u2', 'r2:u3', 'r3:u3', 'r3:u4']);
  });

  test('loses nothing where the other list is not proven to be whole', async () => {
    await sync();
    fixture.school.addFault('GET /rooms page=2: drop-records=1');

    const { run, rooms, members } = await sync();

    expect(run.state).toBe('partial');
    expect([rooms?.failure?.code, members?.failure]).toMatchObject([
      'incomplete_fetch',
      { code: 'incomplete_fetch', data: { from: 'class' } },
    ]);
    expect(await storedMembers()).toHaveLength(6);
  });

  test('is left alone where the other list fails, and not asked for in its place', async () => {
    await sync();
    fixture.school.addFault('GET /rooms: 403 times=always');

    const { run, members, asks } = await sync();

    expect([run.state, members?.stage, asks]).toEqual(['partial', 'skipped', 1]);
    expect(await storedMembers()).toHaveLength(6);
  });

  test('loses nothing where one of the records cannot be read: whose it holds, nobody knows', async () => {
    await sync();
    Object.assign(data().rooms[1] ?? {}, { members: 'nobody' });

    const { rooms, members } = await sync();

    expect(rooms?.counts).toMatchObject({ unchanged: 3, quarantined: 0 });
    expect(members).toMatchObject({
      counts: { unchanged: 4, quarantined: 1, deleted: 0 },
      failure: { code: 'incomplete_fetch' },
    });
    expect(await storedMembers()).toHaveLength(6);
  });

  test('asks for the list itself where the other is not part of the run, and judges it as strictly', async () => {
    await sync();
    data().rooms[0] = { id: 'r1', name: 'Room 1', members: ['u1'] };

    const alone = await sync({ entityTypes: ['enrollment'] });

    expect([alone.run.state, alone.asks, alone.rooms]).toEqual(['succeeded', 2, undefined]);
    expect(alone.members?.counts).toMatchObject({ received: 5, deleted: 1 });
    // The size that the vendor announces is of rooms, of which one is missing, though more enrollments came than there are rooms.
    fixture.school.addFault('GET /rooms page=2: drop-records=1');
    const short = await sync({ entityTypes: ['enrollment'] });
    expect(short.members?.failure).toMatchObject({
      code: 'incomplete_fetch',
      data: { received: 2, announced: 3 },
    });
    expect(await storedMembers()).toHaveLength(5);
  });

  test('is read anew, of pages asked for anew, where another run has worked since the other list was fetched', async () => {
    await sync();
    data().rooms[0] = { id: 'r1', name: 'Room 1', members: ['u4'] };
    const first = await fixture.start();
    // Its first slice ends with the rooms fetched and their members not.
    const { openClient } = fixture.worker;
    await fixture.deliver(first, {
      worker: {
        ...fixture.worker,
        openClient: (options) => {
          const client = openClient(options);
          return {
            ...client,
            async fetchPage(request) {
              if (request.path === '/users') await clock.advance(fixture.worker.sliceMs);
              return await client.fetchPage(request);
            },
          };
        },
      },
    });
    await clock.advance(3_600_000);
    data().rooms[0] = { id: 'r1', name: 'Room 1', members: ['u5'] };
    await sync();

    while ((await fixture.deliver(first)) !== 'finished');

    expect((await storedMembers()).filter((id) => id.startsWith('r1'))).toEqual(['r1:u5']);
  });
});

describe('a vendor', () => {
  const [orgs, rooms, users, members] = paperRooms.entities;
  if (orgs === undefined || rooms === undefined || users === undefined || members === undefined)
    throw new RangeError('Paper School has lost an entity');
  test.each([
    ['comes before the other', [orgs, users, { ...members, from: 'lineItem' as const }]],
    ['has a list of its own', [orgs, rooms, users, { ...members, collection: orgs.collection }]],
    [
      'is read of one that has no list itself',
      [
        orgs,
        { ...rooms, from: 'org' as const, collection: orgs.collection },
        users,
        { ...members, collection: orgs.collection },
      ],
    ],
  ])('is refused where an entity that stands in the list of another %s', (_name, entities) => {
    expect(() =>
      defineVendor({ ...paperRooms, entities } as unknown as Parameters<typeof defineVendor>[0]),
    ).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });
});
