import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { EntityType } from '@flotilla/substrate/model';
import { openVendorStage, type VendorStage } from '@flotilla/substrate/testing/vendor-stage';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createOneRosterSimulator, type OneRosterSimulator } from './simulator.ts';
import { oneroster } from './vendor.ts';

type Stage = VendorStage<OneRosterSimulator>;

interface QuirkyOptions {
  readonly quirks?: readonly string[];
  readonly students?: number;
  readonly pageSize?: number;
}

async function open({ quirks = [], students = 5, pageSize = 5 }: QuirkyOptions = {}): Promise<Stage> {
  const stage = await openVendorStage({
    vendor: oneroster,
    pageSize,
    createSimulator: ({ clock }) =>
      createOneRosterSimulator({ clock, quirks, district: { students, assignments: 6 } }),
    connection: ({ baseUrl }) => ({ baseUrl }),
    credential: ({ credentials }) =>
      credentials.kind === 'oauth2'
        ? { type: 'oauth2', clientId: credentials.clientId, clientSecret: credentials.clientSecret }
        : {},
  });
  onTestFinished(() => stage.close());
  return stage;
}

async function contentOf(stage: Stage) {
  return (await stage.stored()).map(({ entityType, recordId, value }) => ({ entityType, recordId, value }));
}

/** The id of the first record that the provider has. */
async function firstId(stage: Stage, entityType: EntityType): Promise<string> {
  const entity = stage.entity(entityType);
  const [first] = await stage.source(entity);
  return entity.idOf(first) ?? '';
}

function edit(stage: Stage, collection: string, id: string, changes: JsonObject): void {
  const record = { ...stage.simulator.record(collection, id), ...changes };
  stage.simulator.edit([{ collection, op: 'put', id, record }]);
}

const users = { entityTypes: ['user'] } as const;

describe('a provider that departs from the standard', () => {
  test.each([
    [['json-booleans']],
    [['no-total-count']],
    [['no-link']],
    [['no-total-count', 'no-link']],
    [['link-http']],
    [['link-bare']],
    [['link-http', 'no-total-count']],
    [['json-booleans', 'no-link', 'no-total-count']],
  ])('%j is read to the same records as one that keeps to it', async (quirks) => {
    const sound = await open();
    await sound.sync();
    const stage = await open({ quirks });

    const { run } = await stage.sync();

    expect(run.state).toBe('succeeded');
    expect(await contentOf(stage)).toEqual(await contentOf(sound));
    expect((await stage.sync()).changes).toEqual([]);
  });

  test('that caps pages without a word is still read whole, link or no link', async () => {
    for (const quirks of [
      ['cap-limit=100'],
      ['cap-limit=100', 'no-link'],
      ['cap-limit=100', 'no-link', 'no-total-count'],
    ]) {
      const stage = await open({ quirks, students: 60, pageSize: 1000 });

      const { run, entityTypes } = await stage.sync({ entityTypes: ['enrollment'] });

      const { enrollments = 0 } = stage.simulator.counts();
      expect(enrollments).toBeGreaterThan(200);
      expect(run.state).toBe('succeeded');
      expect(entityTypes.get('enrollment')?.counts.created).toBe(enrollments);
    }
  });

  test('that says neither total nor link is asked until nothing comes: what is gone is deleted all the same', async () => {
    const stage = await open({ quirks: ['no-total-count', 'no-link'] });
    await stage.sync(users);
    const [gone] = await stage.stored();
    stage.simulator.edit([{ collection: 'users', op: 'remove', id: gone?.recordId ?? '' }]);
    stage.simulator.clearRequests();

    const { changes, entityTypes } = await stage.sync(users);

    expect(changes.map(({ action, recordId }) => [action, recordId])).toEqual([['delete', gone?.recordId]]);
    // 15 users: three full pages, and two requests to learn that there is no fourth: an empty page is believed when it comes twice.
    expect(entityTypes.get('user')?.counts.received).toBe(15);
    expect(stage.simulator.requests('GET /users')).toHaveLength(5);
  });

  test('that says neither total nor link and once sends an empty page in mid-list loses nothing', async () => {
    const stage = await open({ quirks: ['no-total-count', 'no-link'] });
    await stage.sync(users);
    stage.simulator.addFault('GET /users page=2: drop-records=5');

    const { run, entityTypes } = await stage.sync(users);

    expect(run.state).toBe('succeeded');
    expect(entityTypes.get('user')?.counts).toMatchObject({ deleted: 0, unchanged: 16 });
  });

  test('that shuffles rows between pages loses nothing: what was passed over is not called gone', async () => {
    const sound = await open();
    await sound.sync(users);
    const stage = await open({ quirks: ['reorder-pages'] });

    for (let night = 0; night < 3; night++) {
      const { run, entityTypes } = await stage.sync(users);
      expect(run.state).toBe('partial');
      expect(entityTypes.get('user')).toMatchObject({
        counts: { deleted: 0 },
        failure: { code: 'incomplete_fetch' },
      });
      expect(entityTypes.get('user')?.counts.repeated).toBeGreaterThan(0);
    }
  });
});

describe('a record that departs from the standard', () => {
  test.each<[string, JsonObject, object]>([
    ['status inactive', { status: 'inactive' }, { status: 'inactive' }],
    ['a capitalised word', { classType: 'Scheduled' }, { classType: 'scheduled' }],
  ])('%s is read as what it means', async (_, changes, expected) => {
    const stage = await open();
    const id = await firstId(stage, 'class');
    edit(stage, 'classes', id, changes);

    await stage.sync({ entityTypes: ['class'] });

    const stored = (await stage.stored()).find(({ recordId }) => recordId === id);
    expect(stored?.value).toMatchObject(expected);
  });

  test.each<[string, string, JsonObject]>([
    ['a blank status', 'users', { status: '' }],
    ['no status', 'users', { status: null }],
    ['TRUE', 'users', { enabledUser: 'TRUE' }],
    ['no metadata, as PHP writes it', 'users', { metadata: [] }],
    ['blank members', 'users', { sms: ' ', middleName: '', pronouns: null }],
  ])('%s changes nothing', async (_, collection, changes) => {
    const stage = await open();
    const id = await firstId(stage, 'user');
    edit(stage, 'users', id, { middleName: '', metadata: null });
    await stage.sync(users);
    edit(stage, collection, id, changes);

    const second = await stage.sync(users);

    expect(second.quarantined).toEqual([]);
    expect(second.changes).toEqual([]);
  });

  test('a date that may mean two days is quarantined, and the report names the field and the value', async () => {
    const stage = await open();
    const id = await firstId(stage, 'academicSession');
    await stage.sync({ entityTypes: ['academicSession'] });
    const before = await stage.stored();
    edit(stage, 'academicSessions', id, { startDate: '1/05/2023' });

    const { run, quarantined } = await stage.sync({ entityTypes: ['academicSession'] });

    expect(run.state).toBe('succeeded');
    expect(quarantined).toMatchObject([
      {
        recordId: id,
        failure: {
          code: 'record_quarantined',
          data: {
            issues: [{ pointer: '/startDate', message: '"1/05/2023" is not a date (YYYY-MM-DD)' }],
          },
        },
      },
    ]);
    expect(await stage.stored()).toEqual(before);
    const { customerId } = stage;
    const shown = await stage.call('runs.get.v1', { customerId, runId: run.runId });
    expect(shown.result).toMatchObject({ state: 'succeeded', entityTypes: [{ counts: { quarantined: 1 } }] });
  });
});

test('a provider without a gradebook is one whose rosters are all there is', async () => {
  const stage = await open();
  for (const list of ['categories', 'lineItems', 'results']) {
    stage.simulator.addFault(`GET /${list}: 404 times=always`);
  }

  const { run, entityTypes } = await stage.sync();

  expect(run.state).toBe('succeeded');
  expect(
    [...entityTypes.values()]
      .filter(({ stage: reached }) => reached === 'skipped')
      .map((each) => each.entityType),
  ).toEqual(['category', 'lineItem', 'result']);
});

test('a night of edits is found exactly, whether what leaves vanishes or is marked', async () => {
  for (const removal of ['remove', 'tobedeleted'] as const) {
    const stage = await open({ students: 40, pageSize: 50 });
    await stage.sync();
    const expected = stage.simulator.nextNight({ removal });

    const { run, entityTypes } = await stage.sync();

    expect(run.state).toBe('succeeded');
    for (const [entityType, { counts }] of entityTypes) {
      const collection = stage.collection(stage.entity(entityType)).member;
      const { created = 0, updated = 0, removed = 0 } = expected[collection ?? ''] ?? {};
      expect({
        entityType,
        created: counts.created,
        updated: counts.updated,
        deleted: counts.deleted,
      }).toEqual({
        entityType,
        created,
        updated,
        deleted: removed,
      });
    }
  }
});
