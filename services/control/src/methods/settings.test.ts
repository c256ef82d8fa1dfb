import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, test } from 'vitest';
import { openControl, register, runNight } from '../control.fixture.ts';
import { openTwoWay } from '../two-way.fixture.ts';

const integration = { customerId: 'springfield', integrationId: 'oneroster' };

const defaults = {
  disabledEntityTypes: [],
  writeBack: [],
  steps: { pull: true, push: true, persist: true },
  merge: {},
  entityTypes: {},
  limits: {},
  fullSyncEveryDays: 7,
  holdHours: 168,
  references: 'quarantine',
};

async function openRegistered() {
  const stage = await openControl();
  await register(stage, 'springfield', ['oneroster', 'other']);
  return stage;
}

describe('settings', () => {
  test('are complete and of version 0 before anybody has chosen', async () => {
    const stage = await openRegistered();
    expect(await stage.result('settings.get.v1', integration)).toEqual({
      version: 0,
      settings: defaults,
      chosen: {},
      defaults,
    });
  });

  test('are told as they were put, also in the list of integrations, and replace the earlier ones whole', async () => {
    const stage = await openRegistered();
    const choices = [
      { disabledEntityTypes: ['demographics', 'result'] },
      { writeBack: ['result'], merge: { default: 'resolveTheirs' } },
      {},
    ];
    for (const [index, settings] of choices.entries()) {
      const stored = { version: index + 1, settings: { ...defaults, ...settings } };
      expect(await stage.result('settings.put.v1', { ...integration, settings })).toMatchObject(stored);
      expect(await stage.result('settings.get.v1', integration)).toEqual({
        ...stored,
        chosen: settings,
        defaults,
      });
      expect(await stage.result('integrations.list.v1', { customerId: 'springfield' })).toMatchObject({
        integrations: [
          { vendor: 'oneroster', state: 'active', settings: stored.settings, settingsVersion: index + 1 },
          { settings: defaults, settingsVersion: 0 },
        ],
      });
    }
    const other = { ...integration, integrationId: 'other' };
    expect(await stage.result('settings.get.v1', other)).toEqual({
      version: 0,
      settings: defaults,
      chosen: {},
      defaults,
    });
  });

  test('keep exceptions by field, record and list, and limits, as they were chosen', async () => {
    const stage = await openRegistered();
    const settings = {
      merge: { default: 'manual', fields: { '/metadata/anything/at all': 'alwaysTheirs' } },
      entityTypes: {
        user: {
          merge: {
            default: 'resolveOurs',
            fields: { '/email': 'alwaysOurs', '/roles/*/beginDate': 'alwaysTheirs' },
            records: { 'u-1': 'manual', 'u-2': { fields: { '/sms': 'alwaysOurs' } } },
            lists: { '/roles': { key: ['role', 'orgSourcedId'] }, '/grades': 'set' },
            nullIsAbsent: true,
            volatile: ['/metadata/seenAt'],
          },
        },
      },
      limits: { toTheirs: { delete: { percent: 1, floor: 0 }, create: 'off' } },
    };

    await stage.result('settings.put.v1', { ...integration, settings });

    expect((await stage.result('settings.get.v1', integration)).settings).toEqual({
      ...defaults,
      ...settings,
    });
  });

  test('survive ids of records that are names of every object', async () => {
    const stage = await openRegistered();
    const text = '{"merge":{"records":{"__proto__":"alwaysOurs","constructor":"manual"}}}';
    await stage.result('settings.put.v1', { ...integration, settings: JSON.parse(text) });
    const { settings } = await stage.result('settings.get.v1', integration);
    expect(JSON.stringify((settings as JsonObject).merge)).toBe(
      '{"records":{"__proto__":"alwaysOurs","constructor":"manual"}}',
    );
  });

  test('change once where they are put twice, and leave one entry in the audit trail, with before and after', async () => {
    const stage = await openRegistered();
    const settings = { writeBack: ['result'] };
    expect(await stage.result('settings.put.v1', { ...integration, settings })).toMatchObject({ version: 1 });
    expect(await stage.result('settings.put.v1', { ...integration, settings })).toMatchObject({ version: 1 });

    const { entries } = await stage.result('audit.list.v1', { customerId: 'springfield' });
    const ofSettings = (entries as JsonObject[]).filter(({ action }) => action === 'settings.put.v1');
    expect(ofSettings).toMatchObject([
      {
        actor: 'test',
        target: { integrationId: 'oneroster' },
        detail: { version: 1, fields: [{ pointer: '/writeBack', before: [], after: ['result'] }] },
      },
    ]);
  });

  test('are not changed by somebody who saw others, who is told which stand; a pause is no change of them', async () => {
    const stage = await openRegistered();
    const put = (settings: JsonObject, ifVersion: number) =>
      stage.call('settings.put.v1', { ...integration, settings, ifVersion });

    const answers = await Promise.all([
      put({ writeBack: ['result'] }, 0),
      put({ writeBack: ['lineItem'] }, 0),
    ]);
    const refused = answers.filter(({ error }) => error !== undefined);

    expect(refused).toHaveLength(1);
    expect(refused[0]?.error?.data).toMatchObject({
      code: 'stale_version',
      expected: 0,
      found: 1,
      advice: expect.stringContaining('settings.get.v1'),
    });
    const connection = { baseUrl: 'https://example.com/roster' };
    const paused = { ...integration, vendor: 'oneroster', connection, state: 'paused' };
    await stage.result('integrations.put.v1', paused);
    expect(await stage.result('settings.get.v1', integration)).toMatchObject({ version: 1 });
    expect((await put({}, 1)).result).toMatchObject({ version: 2 });
  });

  test('leave a paused integration paused', async () => {
    const stage = await openRegistered();
    const connection = { baseUrl: 'https://example.com/roster' };
    for (const integrationId of ['oneroster', 'other']) {
      const paused = { customerId: 'springfield', integrationId, vendor: 'oneroster', connection };
      await stage.result('integrations.put.v1', { ...paused, state: 'paused' });
    }
    await stage.result('settings.put.v1', { ...integration, settings: { holdHours: 1 } });
    await runNight(stage, '2026-01-01');
    expect(await stage.pending('oneroster-nightly')).toBe(0);
  });
});

describe('settings that do not do what they seem to do', () => {
  test.each([
    [{ writeBack: ['result'], disabledEntityTypes: ['result'] }, '/writeBack/0', 'not synced at all'],
    [{ writeBack: ['result'], steps: { push: false } }, '/steps/push', 'nothing is written back'],
    [{ writeBack: ['result'] }, '/writeBack', 'vendor.describe'],
    [{ steps: { persist: false } }, '/steps/persist', 'nothing is stored'],
    [{ steps: { pull: false, push: false } }, '/steps', 'change nothing'],
  ])('%j are taken with a remark at %s', async (settings, pointer, words) => {
    const stage = await openRegistered();
    const { remarks } = await stage.result('settings.put.v1', { ...integration, settings });
    expect(remarks).toContainEqual({ pointer, message: expect.stringContaining(words) });
  });

  test('are none where nothing special is chosen', async () => {
    const stage = await openRegistered();
    const settings = { disabledEntityTypes: ['demographics'], merge: { default: 'resolveTheirs' } };
    expect((await stage.result('settings.put.v1', { ...integration, settings })).remarks).toEqual([]);
  });
});

test('what can be written back at all is told by the service of the vendor', async () => {
  const { vendor } = await openTwoWay();
  expect((await vendor.call('vendor.describe.v1', {})).result).toMatchObject({
    entityTypes: ['org', 'category'],
    writeBack: [
      {
        entityType: 'category',
        members: ['title', 'weight'],
        actions: ['create', 'update', 'delete'],
        assignsIds: true,
      },
    ],
  });
});

describe('settings that are not sound', () => {
  test.each<[JsonObject | string | null, string, string]>([
    [{ disabledEntityTypes: ['demographic'] }, '/disabledEntityTypes/0', 'did you mean "demographics"?'],
    [{ disabledEntityTypes: ['user', 'toString'] }, '/disabledEntityTypes/1', '"toString" is none of'],
    [{ disabledEntityTypes: 'user' }, '/disabledEntityTypes', 'array'],
    [{ enabledEntityTypes: [] }, '/enabledEntityTypes', 'did you mean "disabledEntityTypes"?'],
    [{ writeback: ['result'] }, '/writeback', 'did you mean "writeBack"?'],
    [{ writeBack: ['results'] }, '/writeBack/0', 'did you mean "result"?'],
    [{ references: 'ignored' }, '/references', 'did you mean "ignore"?'],
    [{ steps: { pul: false } }, '/steps/pul', 'did you mean "pull"?'],
    [{ steps: { pull: 'no' } }, '/steps/pull', 'boolean'],
    [{ holdHours: 0 }, '/holdHours', '>=1'],
    [{ merge: { default: 'resolveOur' } }, '/merge/default', 'did you mean "resolveOurs"?'],
    [{ merge: { defualt: 'manual' } }, '/merge/defualt', 'did you mean "default"?'],
    [{ merge: { fields: { email: 'manual' } } }, '/merge/fields/email', 'write "/email"'],
    [{ merge: { fields: { '/a~b': 'manual' } } }, '/merge/fields/~1a~0b', 'write "~0"'],
    [{ merge: { fields: { '/emial': 'manual' } } }, '/merge/fields/~1emial', 'did you mean "/email"?'],
    [{ entityTypes: { usr: { merge: {} } } }, '/entityTypes/usr', 'did you mean "user"?'],
    [
      { entityTypes: { user: { merge: { fields: { '/title': 'manual' } } } } },
      '/entityTypes/user/merge/fields/~1title',
      'no user has such a field',
    ],
    [
      { entityTypes: { user: { merge: { fields: { '/roles/*/orgSourceId': 'manual' } } } } },
      '/entityTypes/user/merge/fields/~1roles~1*~1orgSourceId',
      'did you mean "/roles/*/orgSourcedId"?',
    ],
    [
      { entityTypes: { user: { merge: { records: { u1: { fields: { '/emial': 'manual' } } } } } } },
      '/entityTypes/user/merge/records/u1/fields/~1emial',
      'did you mean "/email"?',
    ],
    [
      { entityTypes: { user: { merge: { lists: { '/role': 'set' } } } } },
      '/entityTypes/user/merge/lists/~1role',
      'did you mean "/roles"?',
    ],
    [{ merge: { volatile: ['/nothingLikeIt'] } }, '/merge/volatile/0', 'no record of any entity type'],
    [{ merge: { lists: { '/roles': { key: [] } } } }, '/merge/lists/~1roles/key', 'key'],
    [{ merge: { records: { u1: 'always' } } }, '/merge/records/u1', 'is no strategy'],
    [
      { limits: { toOurs: { delete: { percent: 101, floor: 0 } } } },
      '/limits/toOurs/delete/percent',
      '<=100',
    ],
    [{ limits: { toOur: {} } }, '/limits/toOur', 'did you mean "toOurs"?'],
    [{ limits: { entityTypes: { results: {} } } }, '/limits/entityTypes/results', 'did you mean "result"?'],
    [{ '': 1 }, '/', 'There is no ""'],
    ['{}', '', 'object'],
    [null, '', 'object'],
  ])(
    '%j are refused, with the place and the nearest word, and the ones there stay',
    async (settings, pointer, words) => {
      const stage = await openRegistered();
      const sound = { disabledEntityTypes: ['result'] };
      await stage.result('settings.put.v1', { ...integration, settings: sound });

      const { error } = await stage.call('settings.put.v1', { ...integration, settings });

      expect(error?.data).toMatchObject({
        code: 'invalid_params',
        issues: [{ pointer: `/settings${pointer}`, message: expect.stringContaining(words) }],
      });
      expect(await stage.result('settings.get.v1', integration)).toMatchObject({
        version: 1,
        settings: sound,
      });
    },
  );

  test('are all named at once', async () => {
    const stage = await openRegistered();
    const settings = { writeBack: ['results'], steps: { pul: false, pus: false }, holdHours: 'a week' };
    const { error } = await stage.call('settings.put.v1', { ...integration, settings });
    expect(error?.data.issues).toMatchObject([
      { pointer: '/settings/writeBack/0' },
      { pointer: '/settings/steps/pul' },
      { pointer: '/settings/steps/pus' },
      { pointer: '/settings/holdHours' },
    ]);
  });

  test('are not there where they were left out', async () => {
    const stage = await openRegistered();
    expect((await stage.call('settings.put.v1', integration)).error?.data).toMatchObject({
      issues: [{ pointer: '/settings' }],
    });
  });
});
