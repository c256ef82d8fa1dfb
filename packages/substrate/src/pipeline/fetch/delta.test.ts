import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../clock/clock.manual.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { records } from '../../store/records.ts';
import { readRunEntityTypes } from '../../store/runs.ts';
import { editRecord } from '../edit-record.ts';
import { paperJournal } from '../paper-school.fixture.ts';
import type { RunWorker } from '../parts.ts';
import { type AskedRun, createPipelineFixture, owner, type PipelineFixture } from '../pipeline.fixture.ts';

const dayMs = 24 * 60 * 60_000;

let fixture: PipelineFixture;
let clock: ManualClock;
beforeEach(async () => {
  clock = createManualClock();
  fixture = await createPipelineFixture({ vendor: paperJournal, clock });
});
afterEach(() => fixture.close());

const data = () => fixture.school.data;

/** In step with the journal: the first fetch is whole. */
async function begin(): Promise<void> {
  data().users = data().users.map((user) => ({ ...user, school: 'o1' }));
  data().demographics = data().users.map(({ id }) => ({ id: id as string, city: 'Oakville' }));
  data().events.push('e00');
  expect((await night()).run.state).toBe('succeeded');
}

async function night(asked: AskedRun = {}, overrides: Partial<RunWorker> = {}) {
  fixture.school.clearRequests();
  await clock.advance(1_000);
  const { run } = await fixture.sync(overrides, { context: 'nightly', ...asked });
  const all = await readRunEntityTypes(fixture.platform.store, owner.customerId, run.runId);
  const lists = fixture.school.requests().map(({ path }) => path);
  return { run, org: all.get('org'), user: all.get('user'), demographics: all.get('demographics'), lists };
}

/** Happens at the vendor, and stands in its journal; null: it is deleted. */
function change(of: 'org' | 'user', id: string, record: JsonObject | null): void {
  const at = `e${String(data().events.length).padStart(2, '0')}`;
  const shelf = of === 'org' ? data().orgs : data().users;
  const index = shelf.findIndex((one) => one.id === id);
  if (index >= 0) shelf.splice(index, 1);
  if (record === null) data().demographics = data().demographics.filter((one) => one.id !== id);
  if (record !== null) shelf.splice(index < 0 ? shelf.length : index, 0, { id, ...record });
  data().journal.push({ at, of, id, record: record === null ? null : { id, ...record } });
  data().events.push(at);
}

async function stored(entityType = 'user') {
  const rows = await fixture.platform.store.scan(records, { prefix: { ...owner, entityType } });
  return Object.fromEntries(rows.map(({ recordId, value }) => [recordId, value]));
}

const person = (family: string, school = 'o1') => ({ given: 'Any', family, school });

describe('a run between two whole fetches', () => {
  test('fetches what the vendor says has changed, asks once for what several entity types are told of, and whole what is not told of', async () => {
    await begin();
    change('user', 'u1', person('Ashby'));
    change('user', 'u2', null);
    change('user', 'u9', person('Comer', 'o2'));
    change('org', 'o2', { name: 'Elm' });

    const { run, org, user, demographics, lists } = await night();

    expect(run.state).toBe('succeeded');
    expect(lists).toEqual(['/events', '/journal', '/journal', '/demographics', '/demographics']);
    expect(org?.counts).toMatchObject({ received: 1, created: 1, deleted: 0 });
    expect(user?.counts).toMatchObject({ received: 3, created: 1, updated: 1, deleted: 1, withdrawn: 1 });
    expect(demographics?.counts).toMatchObject({ received: 4, deleted: 1 });
    expect(Object.keys(await stored())).toEqual(['u1', 'u3', 'u4', 'u5', 'u9']);
    expect((await stored()).u1).toMatchObject({ familyName: 'Ashby' });
    // And the next one has no news.
    expect((await night()).run.state).toBe('unchanged');
  });

  test('calls nothing gone that is not called so, whatever is missing', async () => {
    await begin();
    data().users.splice(2, 2);
    change('user', 'u1', person('Ashby'));

    expect((await night()).user?.counts).toMatchObject({ updated: 1, deleted: 0 });
    expect(Object.keys(await stored())).toHaveLength(5);
  });

  test('takes what was said last, on one page or on several', async () => {
    await begin();
    change('user', 'u1', person('One'));
    change('user', 'u1', person('Two'));
    change('user', 'u2', null);
    change('user', 'u7', person('Brief'));
    change('user', 'u2', person('Back'));
    change('user', 'u7', null);
    change('user', 'u1', person('Three'));

    const { user } = await night();

    expect(user?.counts).toMatchObject({ updated: 2, created: 0, deleted: 0 });
    expect(await stored()).toMatchObject({ u1: { familyName: 'Three' }, u2: { familyName: 'Back' } });
    expect(await stored()).not.toHaveProperty('u7');
  });

  test('finds nothing to do where a record was changed and changed back', async () => {
    await begin();
    const before = await stored();
    change('user', 'u1', person('Other'));
    change('user', 'u3', person('Other'));
    change('user', 'u1', { given: 'Given 1', family: 'Oakley', school: 'o1' });
    change('user', 'u3', { given: 'Given 3', family: 'Oakley', school: 'o1' });

    expect((await night()).user?.counts).toMatchObject({ updated: 0 });
    expect(await stored()).toEqual(before);
  });

  test('judges references by what is stored and what is told of', async () => {
    await begin();
    change('org', 'o2', { name: 'Elm' });
    change('user', 'u1', person('Ashby', 'o2'));
    change('user', 'u2', person('Birch', 'o9'));

    const { run, user } = await night();

    expect(run.state).toBe('succeeded');
    expect(user?.counts).toMatchObject({ updated: 1, quarantined: 1 });
    expect((await stored()).u2).toMatchObject({ familyName: 'Oakley' });
  });

  test('brings our own edits to the vendor, which has no news of them', async () => {
    await begin();
    await fixture.choose({ writeBack: ['user'] });
    await night();
    await editRecord(fixture.worker, {
      ...owner,
      entityType: 'user',
      recordId: 'u3',
      value: { ...(await stored()).u3, familyName: 'Rowan' },
      runId: crypto.randomUUID(),
    });
    change('user', 'u1', person('Ashby'));

    const { run, user, lists } = await night();

    expect(run.state).toBe('succeeded');
    expect(lists).not.toContain('/users');
    expect(user?.counts).toMatchObject({ updated: 1, pushUpdated: 1 });
    expect(data().users.find(({ id }) => id === 'u3')).toMatchObject({ family: 'Rowan' });
  });

  test('is held by a limit within a school that is measured by what is stored of it, not by what came', async () => {
    data().users = Array.from({ length: 30 }, (_, n) => ({
      id: `u${n}`,
      given: 'G',
      family: 'F',
      school: 'o1',
    }));
    data().events.push('e00');
    await night();
    await fixture.choose({ limits: { toOurs: { delete: 'off' } } });
    await night();
    for (let n = 0; n < 12; n++) change('user', `u${n}`, null);
    expect((await night()).run.state).toBe('succeeded');
    for (let n = 12; n < 24; n++) change('user', `u${n}`, null);
    const { run, user } = await night();
    expect(run.state).toBe('held');
    // So it can be judged once more.
    expect(user?.plan).toMatchObject({ exceeded: [{ stored: 18 }], schoolSizes: { o1: 6 } });
  });
});

describe('a whole fetch', () => {
  /** Not told of, and found by a whole fetch only. */
  function lose(): void {
    data().users.splice(4, 1);
    data().demographics.splice(4, 1);
  }

  async function isWhole(asked: AskedRun = {}): Promise<boolean> {
    change('user', 'u1', person(`Ashby ${data().events.length}`));
    return (await night(asked)).lists.includes('/users');
  }

  test('comes every so many days, as chosen, and makes up for what the vendor did not tell', async () => {
    await begin();
    lose();
    expect(await isWhole()).toBe(false);
    await clock.advance(6 * dayMs);
    expect(await isWhole()).toBe(false);
    await clock.advance(dayMs);
    expect(await isWhole()).toBe(true);
    expect(await stored()).not.toHaveProperty('u5');
    expect(await isWhole()).toBe(false);
    await fixture.choose({ fullSyncEveryDays: 0 });
    expect([await isWhole(), await isWhole()]).toEqual([true, true]);
  });

  test('comes when it is asked for, though nothing is new', async () => {
    await begin();
    lose();
    const { run, user } = await night({ isFull: true });
    expect([run.state, user?.counts.deleted]).toEqual(['succeeded', 1]);
    expect(await isWhole()).toBe(false);
  });

  test('comes after a run that failed', async () => {
    await begin();
    fixture.school.addFault('GET /journal: 401');
    change('user', 'u2', null);
    expect((await night()).run.state).toBe('failed');
    fixture.school.clearFaults();

    expect(await isWhole()).toBe(true);
    expect(await stored()).not.toHaveProperty('u2');
    expect(await isWhole()).toBe(false);
  });

  test('comes after a run that left something undone', async () => {
    await begin();
    fixture.school.addFault('GET /journal: 403 times=1');
    change('user', 'u2', null);
    expect((await night()).run.state).toBe('partial');
    fixture.school.clearFaults();

    expect([await isWhole(), await isWhole()]).toEqual([true, false]);
  });

  test('comes after a run that left records out for what they point to, so that they are not forgotten', async () => {
    await begin();
    change('user', 'u2', person('Birch', 'o2'));
    await night();
    change('org', 'o2', { name: 'Elm' });

    const { lists } = await night();

    expect(lists).toContain('/users');
    expect((await stored()).u2).toMatchObject({ familyName: 'Birch' });
    expect(await isWhole()).toBe(false);
  });

  test('comes where the vendor has forgotten what happened since', async () => {
    await begin();
    change('user', 'u2', null);
    data().events.splice(0, 1);
    expect(await isWhole()).toBe(true);
    expect(await isWhole()).toBe(false);
  });

  test('comes under other choices, and of other entity types than were followed', async () => {
    await begin();
    await fixture.choose({ merge: { default: 'resolveTheirs' } });
    expect([await isWhole(), await isWhole()]).toEqual([true, false]);
    expect(await isWhole({ entityTypes: ['user'] })).toBe(true);
    expect(await isWhole({ entityTypes: ['user'] })).toBe(false);
    expect(await isWhole()).toBe(false);
  });

  test('is what a dry run looks at', async () => {
    await begin();
    lose();
    change('user', 'u1', person('Ashby'));
    const { user } = await night({ isDryRun: true });
    expect(user?.plan?.counts.toOurs).toMatchObject({ update: 1, delete: 1 });
    expect((await night()).lists).not.toContain('/users');
  });

  test('is what a run does that another one has overtaken: what was news then is none any more', async () => {
    await begin();
    change('user', 'u1', person('Early'));
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
              if (request.path === '/journal') await clock.advance(fixture.worker.sliceMs);
              return page;
            },
          };
        },
      },
    });
    await clock.advance(3_600_000);
    change('user', 'u1', person('Late'));
    await night();

    while ((await fixture.deliver(first)) !== 'finished');

    expect((await stored()).u1).toMatchObject({ familyName: 'Late' });
  });
});
