import { describe, expect, test } from 'vitest';
import { openControl, register } from '../control.fixture.ts';

const connection = { baseUrl: 'https://example.com/roster' };
const sound = { customerId: 'springfield', vendor: 'oneroster', connection };

describe('integrations.put', () => {
  test("connects a customer to a vendor, under the vendor's id where none is given", async () => {
    const stage = await openControl();
    await register(stage, 'springfield', []);

    expect(await stage.result('integrations.put.v1', sound)).toEqual({
      integrationId: 'oneroster',
      created: true,
    });
    expect(
      await stage.result('integrations.put.v1', {
        ...sound,
        integrationId: 'oneroster-charter',
        isNew: true,
      }),
    ).toEqual({ integrationId: 'oneroster-charter', created: true });

    expect(await stage.result('integrations.list.v1', { customerId: 'springfield' })).toEqual({
      integrations: ['oneroster', 'oneroster-charter'].map((integrationId) => ({
        ...sound,
        integrationId,
        state: 'active',
        settings: expect.objectContaining({ disabledEntityTypes: [], writeBack: [], merge: {} }),
        settingsVersion: 0,
        createdAt: expect.any(String),
        lastRun: null,
        currentRun: null,
        openConflicts: 0,
        nextStart: null,
        leftOut: null,
      })),
    });
  });

  test('changes the connection and state of one that is there, and keeps its settings', async () => {
    const stage = await openControl();
    await register(stage, 'springfield');
    const integration = { customerId: 'springfield', integrationId: 'oneroster' };
    const settings = { disabledEntityTypes: ['demographics'] };
    await stage.result('settings.put.v1', { ...integration, settings });

    const moved = { ...sound, connection: { baseUrl: 'https://example.org/v2' }, state: 'paused' };
    // But by somebody who meant to connect a new one, and was not the first.
    const { error } = await stage.call('integrations.put.v1', { ...moved, isNew: true });
    expect(error?.data).toMatchObject({ code: 'already_exists', vendor: 'oneroster' });
    expect(await stage.result('integrations.list.v1', { customerId: 'springfield' })).toMatchObject({
      integrations: [{ ...sound, state: 'active', settings }],
    });
    expect(await stage.result('integrations.put.v1', moved)).toMatchObject({ created: false });

    expect(await stage.result('integrations.list.v1', { customerId: 'springfield' })).toMatchObject({
      integrations: [{ ...moved, settings }],
    });
  });

  test('leaves a paused one paused where nothing is said of it, so that a new address does not start its nights', async () => {
    const stage = await openControl();
    await register(stage, 'springfield', []);
    await stage.result('integrations.put.v1', { ...sound, state: 'paused' });

    const moved = { ...sound, connection: { baseUrl: 'https://example.org/v2' } };
    await stage.result('integrations.put.v1', moved);

    const listed = () => stage.result('integrations.list.v1', { customerId: 'springfield' });
    expect(await listed()).toMatchObject({ integrations: [{ ...moved, state: 'paused' }] });
    // Nor is where it is put back by somebody who resumes it and saw it before.
    const { connection: _, ...known } = sound;
    await stage.result('integrations.put.v1', { ...known, state: 'active' });
    expect(await listed()).toMatchObject({ integrations: [{ ...moved, state: 'active' }] });
    const { error } = await stage.call('integrations.put.v1', { ...known, integrationId: 'another' });
    expect(error?.data).toMatchObject({ code: 'invalid_params', issues: [{ pointer: '/connection' }] });
  });

  test('is in the audit trail field by field, and only where something has changed', async () => {
    const stage = await openControl();
    await register(stage, 'springfield', []);
    await stage.result('integrations.put.v1', sound);
    await stage.result('integrations.put.v1', sound);
    await stage.clock.advance(1);
    await stage.result('integrations.put.v1', { ...sound, state: 'paused' });

    const { entries } = await stage.result('audit.list.v1', {
      customerId: 'springfield',
      action: 'integrations',
    });
    expect(entries).toMatchObject([
      {
        action: 'integrations.put.v1',
        actor: 'test',
        target: { integrationId: 'oneroster' },
        detail: { fields: [{ pointer: '/state', before: 'active', after: 'paused' }] },
      },
      { action: 'integrations.put.v1', detail: { fields: [{ pointer: '/connection' }, {}, {}] } },
    ]);
    expect(entries).toHaveLength(2);
  });

  test('refuses an address that holds a password, and stores nothing of it', async () => {
    const stage = await openControl();
    await register(stage, 'springfield', []);

    const { error } = await stage.call('integrations.put.v1', {
      ...sound,
      connection: { baseUrl: 'https://bob:canary-pw@example.com/roster' },
    });

    expect(error?.data).toMatchObject({
      code: 'invalid_params',
      issues: [{ pointer: '/connection/baseUrl' }],
    });
    expect(JSON.stringify(error)).not.toContain('canary-pw');
    expect(await stage.result('integrations.list.v1', { customerId: 'springfield' })).toEqual({
      integrations: [],
    });
  });

  test('refuses an id under which another vendor is connected, and leaves that connection alone', async () => {
    const stage = await openControl();
    await register(stage, 'springfield', ['rosters']);

    const { error } = await stage.call('integrations.put.v1', {
      ...sound,
      integrationId: 'rosters',
      vendor: 'clever',
    });

    expect(error?.data).toMatchObject({ code: 'already_exists', vendor: 'oneroster' });
    expect(await stage.result('integrations.list.v1', { customerId: 'springfield' })).toMatchObject({
      integrations: [{ integrationId: 'rosters', vendor: 'oneroster' }],
    });
  });

  test.each(['onerooster', 'constructor', 'http://oneroster', 'control', 'warehouse'])(
    'refuses %j, which is no vendor of this fleet, and names those that are',
    async (vendor) => {
      const stage = await openControl();
      await register(stage, 'springfield', []);

      const { error } = await stage.call('integrations.put.v1', {
        ...sound,
        integrationId: 'rosters',
        vendor,
      });

      expect(error?.data).toMatchObject({ code: 'invalid_params', issues: [{ pointer: '/vendor' }] });
      expect(JSON.stringify(error?.data.issues)).toContain('clever, oneroster');
      expect(await stage.result('integrations.list.v1', { customerId: 'springfield' })).toEqual({
        integrations: [],
      });
    },
  );

  test('refuses a customer that is not registered', async () => {
    const stage = await openControl();
    expect((await stage.call('integrations.put.v1', sound)).error?.data).toMatchObject({
      code: 'not_found',
      customerId: 'springfield',
    });
  });

  test.each([
    [{ connection: 'https://example.com' }, '/connection'],
    [{ connection: null }, '/connection'],
    [{ state: 'off' }, '/state'],
    [{ integrationId: 'a/b' }, '/integrationId'],
    [{ vendor: '' }, '/vendor'],
    [{ credential: { clientSecret: 'shh' } }, '/credential'],
  ])('refuses %j, saying where', async (wrong, pointer) => {
    const stage = await openControl();
    await register(stage, 'springfield', []);
    expect((await stage.call('integrations.put.v1', { ...sound, ...wrong })).error?.data).toMatchObject({
      code: 'invalid_params',
      issues: [{ pointer }],
    });
  });
});

describe('integrations.list', () => {
  test("shows the customer's own integrations only", async () => {
    const stage = await openControl();
    await register(stage, 'springfield', ['a', 'b']);
    await register(stage, 'springfield-2', ['c']);

    const idsOf = async (customerId: string) => {
      const { integrations } = await stage.result('integrations.list.v1', { customerId });
      return (integrations as { integrationId: string }[]).map(({ integrationId }) => integrationId);
    };
    expect(await idsOf('springfield')).toEqual(['a', 'b']);
    expect(await idsOf('springfield-2')).toEqual(['c']);
  });
});
