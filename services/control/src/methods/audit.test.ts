import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, test } from 'vitest';
import { openControl, register } from '../control.fixture.ts';

const integration = { customerId: 'springfield', integrationId: 'oneroster' };

describe('audit.list', () => {
  test("shows a customer's entries, latest first, each once, a page at a time", async () => {
    const stage = await openControl();
    await register(stage, 'shelbyville');
    await register(stage, 'springfield');
    for (const holdHours of [1, 2, 3, 4]) {
      await stage.clock.advance(1);
      await stage.result('settings.put.v1', { ...integration, settings: { holdHours } });
    }

    const found: JsonObject[] = [];
    let after: JsonObject | undefined;
    do {
      const params = { customerId: 'springfield', limit: 2, ...(after === undefined ? {} : { after }) };
      const page = await stage.result('audit.list.v1', params);
      found.push(...(page.entries as JsonObject[]));
      after = (page.next as JsonObject | null) ?? undefined;
    } while (after !== undefined);

    expect(found.map(({ action, detail }) => [action, (detail as JsonObject).version])).toEqual([
      ['settings.put.v1', 4],
      ['settings.put.v1', 3],
      ['settings.put.v1', 2],
      ['settings.put.v1', 1],
      ['integrations.put.v1', undefined],
    ]);
    expect(new Set(found.map(({ entryId }) => entryId)).size).toBe(5);
  });

  test('has nothing of what was refused', async () => {
    const stage = await openControl();
    await register(stage, 'springfield', []);
    await stage.call('settings.put.v1', { ...integration, settings: {} });
    await stage.call('credentials.put.v1', { ...integration, credential: {} });
    expect(await stage.result('audit.list.v1', { customerId: 'springfield' })).toEqual({
      entries: [],
      next: null,
    });
  });

  test('is shown to viewers, and not to programs', async () => {
    const stage = await openControl();
    await register(stage, 'springfield');
    const ask = async (role: 'viewer' | 'orchestrator' | 'scheduler') =>
      (await stage.call('audit.list.v1', { customerId: 'springfield' }, role)).error?.data.code;
    expect(await ask('viewer')).toBeUndefined();
    expect(await ask('orchestrator')).toBe('forbidden');
    expect(await ask('scheduler')).toBe('forbidden');
  });

  test.each<[JsonObject, string]>([
    [{ after: { at: 'yesterday', entryId: 'x' } }, '/after/at'],
    [{ after: { at: '2026-01-01T00:00:00Z' } }, '/after/entryId'],
    [{ limit: 0 }, '/limit'],
  ])('refuses %j', async (wrong, pointer) => {
    const stage = await openControl();
    const { error } = await stage.call('audit.list.v1', { customerId: 'springfield', ...wrong });
    expect(error?.data).toMatchObject({ code: 'invalid_params', issues: [{ pointer }] });
  });
});
