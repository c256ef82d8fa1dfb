import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../clock/clock.manual.ts';
import { systemClock } from '../../clock/clock.system.ts';
import { records } from '../../store/records.ts';
import { readRunEntityTypes } from '../../store/runs.ts';
import { defineVendor } from '../../vendor/define-vendor.ts';
import { paperSeats } from '../paper-school.fixture.ts';
import type { RunWorker } from '../parts.ts';
import { type AskedRun, createPipelineFixture, owner, type PipelineFixture } from '../pipeline.fixture.ts';

let fixture: PipelineFixture;
let clock: ManualClock;
beforeEach(async () => {
  clock = createManualClock();
  fixture = await createPipelineFixture({ vendor: paperSeats, clock });
});
afterEach(() => fixture.close());

async function sync(asked: AskedRun = {}, overrides: Partial<RunWorker> = {}) {
  fixture.school.clearRequests();
  await clock.advance(1_000);
  const { run } = await fixture.sync(overrides, asked);
  return { run, ...(await progressOf(run.runId)), asked: seatRequests() };
}

async function progressOf(runId: string) {
  const progress = await readRunEntityTypes(fixture.platform.store, owner.customerId, runId);
  return { rooms: progress.get('class'), seats: progress.get('enrollment') };
}

/** The lists that were asked for, in order, with the page. */
function seatRequests(): readonly string[] {
  return fixture.school
    .requests()
    .filter(({ path }) => path.endsWith('/seats'))
    .map(({ path, query }) => `${path.split('/')[2]} ${new URLSearchParams(query).get('offset')}`);
}

async function storedSeats(): Promise<readonly string[]> {
  const rows = await fixture.platform.store.scan(records, { prefix: { ...owner, entityType: 'enrollment' } });
  return rows.map(({ recordId }) => recordId);
}

const data = () => fixture.school.data;

describe('an entity type of which each record of another has a list', () => {
  test('is read list by list, with as many requests as the lists have pages', async () => {
    data().rooms[1] = { id: 'r2', name: 'Room 2', members: ['u1', 'u2', 'u3', 'u4', 'u5'] };

    const { run, seats, asked } = await sync();

    expect(run.state).toBe('succeeded');
    expect(seats).toMatchObject({ pages: 5, counts: { received: 9, created: 9 }, failure: null });
    expect([...asked].toSorted()).toEqual(['r1 0', 'r2 0', 'r2 2', 'r2 4', 'r3 0']);
    expect(await storedSeats()).toHaveLength(9);
  });

  test('is found unchanged, changed and gone like any other', async () => {
    await sync();
    expect((await sync()).seats?.counts).toMatchObject({ unchanged: 6, created: 0, deleted: 0 });
    data().rooms[0] = { id: 'r1', name: 'Room 1', members: ['u2', 'u5'] };

    const { run, seats } = await sync();

    expect(run.state).toBe('succeeded');
    expect(seats?.counts).toMatchObject({ unchanged: 5, created: 1, deleted: 1 });
  });

  test('is asked for of the parents that there are after this fetch: new ones, and not those that are gone', async () => {
    await sync();
    data().rooms.splice(1, 1);
    data().rooms.push({ id: 'r4', name: 'Room 4', members: ['u5'] });

    const { run, seats, asked } = await sync();

    expect(run.state).toBe('succeeded');
    expect(asked).toEqual(['r1 0', 'r3 0', 'r4 0']);
    expect(seats?.counts).toMatchObject({ unchanged: 4, created: 1, deleted: 2 });
    expect(await storedSeats()).toEqual(['r1:u1', 'r1:u2', 'r3:u3', 'r3:u4', 'r4:u5']);
  });

  test('is asked for of the stored parents where these are not part of the run, and of none that only we have', async () => {
    await sync();
    data().rooms[2] = { id: 'r3', name: 'Room 3', members: [] };

    const { run, rooms, seats, asked } = await sync({ entityTypes: ['enrollment'] });

    expect([run.state, rooms]).toEqual(['succeeded', undefined]);
    expect(asked).toEqual(['r1 0', 'r2 0', 'r3 0']);
    expect(seats?.counts).toMatchObject({ unchanged: 4, deleted: 2 });
  });

  test('loses nothing in a night in which a parent went while its turn came, and is made up for in the next', async () => {
    await sync();
    const { openClient } = fixture.worker;

    const { run, seats } = await sync(
      {},
      {
        openClient: (options) => {
          const client = openClient(options);
          return {
            ...client,
            async fetchPage(request) {
              // The rooms have been read by now.
              if (request.path === '/users') data().rooms = data().rooms.filter(({ id }) => id !== 'r2');
              return await client.fetchPage(request);
            },
          };
        },
      },
    );

    expect(run.state).toBe('partial');
    expect(seats).toMatchObject({
      counts: { unchanged: 4, deleted: 0 },
      failure: { code: 'incomplete_fetch' },
    });
    expect(await storedSeats()).toHaveLength(6);
    expect((await sync()).run.state).toBe('succeeded');
    expect(await storedSeats()).toEqual(['r1:u1', 'r1:u2', 'r3:u3', 'r3:u4']);
  });

  test('loses nothing where one of the lists is shorter than announced, whichever', async () => {
    await sync();
    for (const room of ['r1', 'r2', 'r3']) {
      fixture.school.addFault(`GET /rooms/${room}/seats: drop-records=1 times=always`);

      const { run, seats } = await sync();

      expect([run.state, seats?.failure]).toMatchObject([
        'partial',
        { code: 'incomplete_fetch', data: { received: 1, announced: 2 } },
      ]);
      fixture.school.clearFaults();
    }
    expect(await storedSeats()).toHaveLength(6);
  });

  test('does not mind lists of different sizes, since each announces its own', async () => {
    data().rooms[0] = { id: 'r1', name: 'Room 1', members: [] };
    data().rooms[1] = { id: 'r2', name: 'Room 2', members: ['u1', 'u2', 'u3', 'u4', 'u5'] };
    expect((await sync()).seats).toMatchObject({ counts: { created: 7 }, failure: null });
  });

  test('fails as a whole where one of the lists cannot be read', async () => {
    await sync();
    fixture.school.addFault('GET /rooms/r2/seats: 403 times=always');

    const { run, seats } = await sync();

    expect([run.state, seats?.stage, seats?.failure?.code]).toEqual([
      'partial',
      'failed',
      'credentials_rejected',
    ]);
    expect(await storedSeats()).toHaveLength(6);
  });

  test('is not offered where no parent has the list', async () => {
    fixture.school.addFault('GET /rooms/*/seats: 404 times=always');

    const { run, seats } = await sync();

    expect([run.state, seats?.stage, seats?.failure?.code]).toEqual(['succeeded', 'skipped', 'not_found']);
  });

  test('is none where there is no parent', async () => {
    data().rooms = [];
    expect((await sync()).seats).toMatchObject({ stage: 'done', pages: 0, failure: null });
  });

  test('goes on in mid-list where it was stopped, and asks for no committed page again', async () => {
    data().rooms = Array.from({ length: 4 }, (_, n) => ({
      id: `r${n}`,
      name: `Room ${n}`,
      members: ['u1', 'u2', 'u3'],
    }));
    for (let stop = 1; stop <= 8; stop++) {
      const before = seatRequests().length;
      const runId = await fixture.start();
      let pages = 0;
      const { openClient } = fixture.worker;
      const exhausted: RunWorker['openClient'] = (options) => {
        const client = openClient(options);
        return {
          ...client,
          async fetchPage(request) {
            const page = await client.fetchPage(request);
            if (request.path.endsWith('/seats') && ++pages === stop)
              await clock.advance(fixture.worker.sliceMs);
            return page;
          },
        };
      };
      expect(await fixture.deliver(runId, { worker: { ...fixture.worker, openClient: exhausted } })).toBe(
        'continued',
      );
      const committed = (await progressOf(runId)).seats?.pages ?? 0;
      const asked = seatRequests().length;
      while ((await fixture.deliver(runId)) !== 'finished');

      const { seats } = await progressOf(runId);
      expect(seats, `stopped after ${stop}`).toMatchObject({ stage: 'done', pages: 8, failure: null });
      expect(seats?.counts.received).toBe(12);
      expect(seatRequests().length - asked, `stopped after ${stop}`).toBe(8 - committed);
      expect(asked - before).toBeLessThanOrEqual(8);
    }
    expect(await storedSeats()).toHaveLength(12);
  });

  test('has several lists under way at once, as many as the vendor allows, and commits them in order', async () => {
    const vendor = {
      ...paperSeats,
      api: { ...paperSeats.api, limits: { ...paperSeats.api.limits, concurrent: 3 } },
    };
    await fixture.close();
    // The limiter paces by its clock, and nobody would advance this one.
    fixture = await createPipelineFixture({ vendor, clock: systemClock });
    data().rooms = Array.from({ length: 9 }, (_, n) => ({ id: `r${n}`, name: `Room ${n}`, members: ['u1'] }));
    let underWay = 0;
    let most = 0;
    const { openClient } = fixture.worker;

    const { seats } = await sync(
      {},
      {
        openClient: (options) => {
          const client = openClient(options);
          return {
            ...client,
            async fetchPage(request) {
              if (request.path.endsWith('/seats')) most = Math.max(most, ++underWay);
              const page = await client.fetchPage(request);
              if (request.path.endsWith('/seats')) underWay--;
              return page;
            },
          };
        },
      },
    );

    expect(seats?.counts.created).toBe(9);
    expect(most).toBe(3);
  });
});

describe('a vendor', () => {
  test('is refused where the parents come after what is in their lists', () => {
    const { entities } = paperSeats;
    const moved = [...entities.filter(({ entityType }) => entityType !== 'class'), { ...entities[1] }];
    expect(() =>
      defineVendor({ ...paperSeats, entities: moved } as unknown as Parameters<typeof defineVendor>[0]),
    ).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });
});
