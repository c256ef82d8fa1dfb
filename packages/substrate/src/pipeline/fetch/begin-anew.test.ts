import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../clock/clock.manual.ts';
import { Failure } from '../../failure/failure.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { listQuarantined } from '../../store/quarantine.ts';
import { records } from '../../store/records.ts';
import { readRunEntityTypes } from '../../store/runs.ts';
import { paperRooms, paperSchool, paperSeats } from '../paper-school.fixture.ts';
import type { RunWorker } from '../parts.ts';
import { createPipelineFixture, owner, type PipelineFixture } from '../pipeline.fixture.ts';

let fixture: PipelineFixture;
let clock: ManualClock;

async function open(vendor = paperSchool): Promise<void> {
  clock = createManualClock();
  fixture = await createPipelineFixture({ vendor, clock });
}
beforeEach(() => open());
afterEach(() => fixture.close());

/** A client for which the vendor forgets cursors of a list, on those of the requests that bring one; `then` is what happens meanwhile. */
function forgetful(
  path: string,
  on: readonly number[],
  then: () => void = () => undefined,
): RunWorker['openClient'] {
  let withCursor = 0;
  return (options) => {
    const client = fixture.worker.openClient(options);
    return {
      ...client,
      async fetchPage(request) {
        if (request.path === path && request.cursor !== null && on.includes(++withCursor)) {
          then();
          throw new Failure('cursor_expired', 'Forgotten');
        }
        return await client.fetchPage(request);
      },
    };
  };
}

async function sync(openClient: RunWorker['openClient'] = fixture.worker.openClient) {
  await clock.advance(1_000);
  const { run } = await fixture.sync({ openClient });
  const progress = await readRunEntityTypes(fixture.platform.store, owner.customerId, run.runId);
  return { run, user: progress.get('user'), seats: progress.get('enrollment') };
}

async function storedUsers(): Promise<readonly string[]> {
  const rows = await fixture.platform.store.scan(records, { prefix: { ...owner, entityType: 'user' } });
  return rows.map(({ recordId }) => recordId);
}

const users = () => fixture.school.data.users;

describe('a list whose cursor the vendor has forgotten', () => {
  test.each([
    ['once', [1]],
    ['twice', [1, 2]],
    ['three times', [1, 2, 3]],
  ])('is begun anew, %s: what is gone is gone, and nothing is counted twice', async (_often, on) => {
    await sync();
    users().splice(1, 1);
    users()[2] = { id: 'u4', given: 8 };

    const { run, user } = await sync(forgetful('/users', on));

    expect(run.state).toBe('succeeded');
    expect(user?.restarts).toHaveLength(on.length);
    expect(user?.counts).toMatchObject({
      received: 4,
      unchanged: 3,
      quarantined: 1,
      deleted: 1,
      repeated: 0,
    });
    expect(await storedUsers()).toEqual(['u1', 'u3', 'u4', 'u5']);
    const quarantined = await listQuarantined(fixture.platform.store, run, 10);
    expect(quarantined.map(({ recordId }) => recordId)).toEqual(['u4']);
  });

  test('ends as failed after the fourth time, and nothing is lost', async () => {
    await sync();

    const { run, user } = await sync(forgetful('/users', [1, 2, 3, 4]));

    expect([run.state, user?.stage, user?.failure?.code]).toEqual(['partial', 'failed', 'cursor_expired']);
    expect(await storedUsers()).toHaveLength(5);
  });

  test('takes a record as it came last', async () => {
    const rename = () => Object.assign(users()[0] as JsonObject, { family: 'Ashby' });

    const { user } = await sync(forgetful('/users', [1], rename));

    expect(user?.counts).toMatchObject({ received: 5, created: 5, quarantined: 0 });
    const [first] = await fixture.platform.store.scan(records, { prefix: { ...owner, entityType: 'user' } });
    expect(first?.value).toMatchObject({ familyName: 'Ashby' });
  });

  test('is not called whole where a record came the first time only: others may have moved past as well', async () => {
    await sync();

    const { run, user } = await sync(forgetful('/users', [1], () => users().shift()));

    expect(run.state).toBe('partial');
    expect(user).toMatchObject({ counts: { deleted: 0 }, failure: { code: 'incomplete_fetch' } });
    expect((await sync()).user?.counts).toMatchObject({ deleted: 1 });
  });

  test('is judged so by the process that ends it, whoever began it', async () => {
    await sync();
    const openClient = forgetful('/users', [2], () => users().shift());
    const runId = await fixture.start();
    // Stopped at the first page of the second pass.
    let pages = 0;
    const stopping: RunWorker['openClient'] = (options) => {
      const client = openClient(options);
      return {
        ...client,
        async fetchPage(request) {
          const page = await client.fetchPage(request);
          if (request.path === '/users' && ++pages === 3) await clock.advance(fixture.worker.sliceMs);
          return page;
        },
      };
    };
    expect(await fixture.deliver(runId, { worker: { ...fixture.worker, openClient: stopping } })).toBe(
      'continued',
    );
    while ((await fixture.deliver(runId)) !== 'finished');

    const progress = await readRunEntityTypes(fixture.platform.store, owner.customerId, runId);
    expect(progress.get('user')).toMatchObject({ restarts: [2], failure: { code: 'incomplete_fetch' } });
  });

  test('is read once by the entity types that stand in it', async () => {
    await fixture.close();
    await open(paperRooms);
    const { run, seats } = await sync(forgetful('/rooms', [1]));
    expect([run.state, seats?.counts.created, seats?.counts.repeated]).toEqual(['succeeded', 6, 0]);
  });

  test('begins all lists of its entity type anew where each parent has one', async () => {
    await fixture.close();
    await open(paperSeats);
    fixture.school.data.rooms[1] = { id: 'r2', name: 'Room 2', members: ['u1', 'u2', 'u3'] };
    await sync();
    fixture.school.data.rooms[0] = { id: 'r1', name: 'Room 1', members: ['u1'] };
    const { run, seats } = await sync(forgetful('/rooms/r2/seats', [1]));
    expect(run.state).toBe('succeeded');
    expect(seats?.counts).toMatchObject({ received: 6, unchanged: 6, deleted: 1, repeated: 0 });
  });
});
