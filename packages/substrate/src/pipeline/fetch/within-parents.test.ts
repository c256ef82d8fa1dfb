import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../clock/clock.manual.ts';
import { records } from '../../store/records.ts';
import { readRunEntityTypes } from '../../store/runs.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { defineVendor, type Vendor } from '../../vendor/define-vendor.ts';
import { editRecord } from '../edit-record.ts';
import { paperCellars, paperSeats } from '../paper-school.fixture.ts';
import { type AskedRun, createPipelineFixture, owner, type PipelineFixture } from '../pipeline.fixture.ts';

let fixture: PipelineFixture;
let clock: ManualClock;
beforeEach(() => open(paperCellars));
afterEach(() => fixture.close());

async function open(vendor: Vendor): Promise<void> {
  clock = createManualClock();
  fixture = await createPipelineFixture({ vendor, clock });
}

async function reopen(vendor: Vendor): Promise<void> {
  await fixture.close();
  await open(vendor);
}

async function sync(asked: AskedRun = {}) {
  fixture.school.clearRequests();
  await clock.advance(1_000);
  const { run } = await fixture.sync({}, asked);
  const progress = await readRunEntityTypes(fixture.platform.store, owner.customerId, run.runId);
  const paths = fixture.school.requests().map(({ path }) => path);
  return {
    run,
    seats: progress.get('enrollment'),
    asked: paths.filter((path) => path.endsWith('/seats')).map((path) => path.split('/')[2]),
  };
}

async function storedSeats(): Promise<readonly string[]> {
  const rows = await fixture.platform.store.scan(records, { prefix: { ...owner, entityType: 'enrollment' } });
  return rows.map(({ recordId }) => recordId);
}

const data = () => fixture.school.data;

function become(place: number, name: string): void {
  const room = data().rooms[place];
  if (room !== undefined) data().rooms[place] = { ...room, name };
}

describe('where some records have lists of another entity type and others have none', () => {
  test('those that have none are not asked, stored or new, and the night is whole', async () => {
    become(1, 'Cellar');
    const first = await sync();
    data().rooms.push({ id: 'r4', name: 'Cellar', members: ['u5'] });

    const second = await sync();

    for (const { run, seats, asked } of [first, second]) {
      expect(run.state).toBe('succeeded');
      expect(seats).toMatchObject({ stage: 'done', failure: null, counts: { received: 4 } });
      expect(asked).toEqual(['r1', 'r3']);
    }
    expect(await storedSeats()).toEqual(['r1:u1', 'r1:u2', 'r3:u3', 'r3:u4']);
  });

  test('one that becomes such, or ceases to be, counts as what it is after this fetch', async () => {
    become(0, 'Cellar');
    await sync();
    become(0, 'Room 1');
    become(1, 'Cellar');

    const { run, seats, asked } = await sync();

    expect([run.state, asked]).toEqual(['succeeded', ['r1', 'r3']]);
    expect(seats?.counts).toMatchObject({ created: 2, deleted: 2, unchanged: 2 });
  });

  test('they are told apart by what is stored where they are not part of the run', async () => {
    become(1, 'Cellar');
    await sync();

    const { run, asked } = await sync({ entityTypes: ['enrollment'] });

    expect([run.state, asked]).toEqual(['succeeded', ['r1', 'r3']]);
  });

  test('what counts is what the vendor has, whatever became of it on our side', async () => {
    become(1, 'Cellar');
    await sync();
    for (const [recordId, title] of [
      ['r1', 'Cellar'],
      ['r2', 'Room 2'],
    ] as const) {
      const stored = await fixture.platform.store.get(records, { ...owner, entityType: 'class', recordId });
      const value = { ...stored?.value, title };
      await editRecord(fixture.worker, { ...owner, entityType: 'class', recordId, value, runId: 'edit' });
    }

    const { run, asked } = await sync();

    expect([run.state, asked]).toEqual(['succeeded', ['r1', 'r3']]);
  });

  test('it is none where nothing has such lists', async () => {
    for (const place of [0, 1, 2]) become(place, 'Cellar');

    const { run, seats, asked } = await sync();

    expect([run.state, asked]).toEqual(['succeeded', []]);
    expect(seats).toMatchObject({ stage: 'done', pages: 0, failure: null });
  });

  test('who leaves parents out says within what', () => {
    const { entities } = paperCellars;
    const orphaned = entities.map(({ within, ...entity }) =>
      within === undefined ? entity : { ...entity, within: undefined },
    );
    expect(() =>
      defineVendor({ ...paperCellars, entities: orphaned } as unknown as Parameters<typeof defineVendor>[0]),
    ).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });
});

describe('lists that are not offered', () => {
  test('by a vendor that says so for good (501) are not asked for of one parent after the other', async () => {
    await reopen({ ...paperSeats, api: { ...paperSeats.api, failures: { 501: 'not_found' } } });
    data().rooms = Array.from({ length: 24 }, (_, n) => ({
      id: `r${10 + n}`,
      name: 'Room',
      members: ['u1'],
    }));
    fixture.school.addFault('GET /rooms/*/seats: 501 times=always');

    const { run, seats, asked } = await sync();

    expect([run.state, seats?.stage, seats?.failure?.code]).toEqual(['succeeded', 'skipped', 'not_found']);
    // Those at most that were under way already when the first was answered.
    expect(asked.length).toBeLessThanOrEqual(16);
    expect(new Set(asked).size).toBe(asked.length);
  });

  test('under these connection settings are not asked for, and what is stored stays', async () => {
    let isOffered = false;
    const offered = (entity: Entity): Entity =>
      entity.within === undefined ? entity : { ...entity, isOffered: () => isOffered };
    await reopen({ ...paperSeats, entities: paperSeats.entities.map(offered) });
    const before = await sync();
    isOffered = true;
    await sync();
    isOffered = false;

    const after = await sync();

    expect([before.run.state, before.seats?.stage, before.asked]).toEqual(['succeeded', 'skipped', []]);
    expect([after.run.state, after.seats?.stage, after.asked]).toEqual(['partial', 'failed', []]);
    expect(await storedSeats()).toHaveLength(6);
  });
});
