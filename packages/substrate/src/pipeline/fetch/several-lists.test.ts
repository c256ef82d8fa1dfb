import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../clock/clock.manual.ts';
import { records } from '../../store/records.ts';
import { readRunEntityTypes } from '../../store/runs.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { defineVendor } from '../../vendor/define-vendor.ts';
import { paperChairs, paperSeats } from '../paper-school.fixture.ts';
import { createPipelineFixture, owner, type PipelineFixture } from '../pipeline.fixture.ts';

// What the rooms' own lists hold, taken for lists that the vendor has anyway, in an order that is not that of their names.
const entities = paperSeats.entities.map((entity): Entity => {
  if (entity.entityType !== 'enrollment') return entity;
  const { within: _, ...seats } = entity;
  return { ...seats, lists: () => ['r3', 'r1', 'r2'] };
});
const vendor = { ...paperSeats, entities };

let fixture: PipelineFixture;
let clock: ManualClock;
beforeEach(async () => {
  clock = createManualClock();
  fixture = await createPipelineFixture({ vendor, clock });
});
afterEach(() => fixture.close());

async function sync() {
  fixture.school.clearRequests();
  await clock.advance(1_000);
  const { run } = await fixture.sync();
  const progress = await readRunEntityTypes(fixture.platform.store, owner.customerId, run.runId);
  const asked = fixture.school
    .requests()
    .filter(({ path }) => path.endsWith('/seats'))
    .map(({ path }) => path.split('/')[2]);
  return { run, seats: progress.get('enrollment'), asked };
}

async function storedIds(): Promise<readonly string[]> {
  const rows = await fixture.platform.store.scan(records, { prefix: { ...owner, entityType: 'enrollment' } });
  return rows.map(({ recordId }) => recordId);
}

describe('an entity type of several lists', () => {
  test('is read of all of them, in their order', async () => {
    const { run, seats: progress, asked } = await sync();

    expect(run.state).toBe('succeeded');
    expect(asked).toEqual(['r3', 'r1', 'r2']);
    expect(progress).toMatchObject({ pages: 3, counts: { created: 6 }, failure: null });
    expect(await storedIds()).toEqual(['r1:u1', 'r1:u2', 'r2:u2', 'r2:u3', 'r3:u3', 'r3:u4']);
  });

  test('has lost what is in none of them any more', async () => {
    await sync();
    fixture.school.data.rooms[2] = { id: 'r3', name: 'Room 3', members: ['u4'] };

    const { run, seats: progress } = await sync();

    expect(run.state).toBe('succeeded');
    expect(progress?.counts).toMatchObject({ unchanged: 5, deleted: 1 });
  });

  test('has lost nothing in a night in which one of them is not there', async () => {
    await sync();
    fixture.school.data.rooms.splice(1, 1);

    const { run, seats: progress } = await sync();

    expect(run.state).toBe('partial');
    expect(progress).toMatchObject({ counts: { deleted: 0 }, failure: { code: 'incomplete_fetch' } });
    expect(await storedIds()).toHaveLength(6);
  });
});

describe('an entity type of which each record of another has several lists', () => {
  beforeEach(async () => {
    await fixture.close();
    fixture = await createPipelineFixture({ vendor: paperChairs, clock });
    fixture.school.data.rooms[0] = { id: 'r1', name: 'Room 1', members: ['u1'], guests: ['u2', 'u3', 'u4'] };
    fixture.school.data.rooms[1] = { id: 'r2', name: 'Room 2', members: [], guests: ['u5'] };
  });

  test('is read of all of each parent, with as many requests as the lists have pages', async () => {
    const { run, seats: progress } = await sync();

    expect(run.state).toBe('succeeded');
    expect(progress).toMatchObject({ pages: 7, counts: { created: 7 }, failure: null });
    const lists = fixture.school.requests().filter(({ path }) => /seats|guests/.test(path));
    expect(lists.map(({ path }) => path.slice(7)).toSorted()).toEqual([
      'r1/guests',
      'r1/guests',
      'r1/seats',
      'r2/guests',
      'r2/seats',
      'r3/guests',
      'r3/seats',
    ]);
  });

  test('has lost what is in none of them any more', async () => {
    await sync();
    fixture.school.data.rooms[0] = { id: 'r1', name: 'Room 1', members: ['u2'], guests: ['u3', 'u4'] };

    const { run, seats: progress } = await sync();

    expect(run.state).toBe('succeeded');
    expect(progress?.counts).toMatchObject({ unchanged: 5, created: 1, deleted: 2 });
  });
});

test('an entity type stands in the lists of another, or has lists of its own', () => {
  const confused = entities.map((entity) =>
    entity.entityType === 'enrollment' ? { ...entity, from: 'class' as const } : entity,
  );

  expect(() => defineVendor({ ...vendor, entities: confused as [] })).toThrow(
    expect.objectContaining({
      code: 'config_invalid',
      data: expect.objectContaining({ found: 'enrollment' }),
    }),
  );
});
