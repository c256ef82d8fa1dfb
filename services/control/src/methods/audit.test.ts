import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, test } from 'vitest';
import { openControl, register } from '../control.fixture.ts';

const integration = { customerId: 'springfield', integrationId: 'oneroster' };

const byText = (a: unknown, b: unknown) => String(a).localeCompare(String(b));

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

    expect(found.slice(0, 4).map(({ action, detail }) => [action, (detail as JsonObject).version])).toEqual([
      ['settings.put.v1', 4],
      ['settings.put.v1', 3],
      ['settings.put.v1', 2],
      ['settings.put.v1', 1],
    ]);
    expect(found[0]?.customerName).toBe('The springfield district');
    const registered = new Set(['customers.put.v1', 'integrations.put.v1']);
    expect(new Set(found.slice(4).map(({ action }) => action))).toEqual(registered);
    expect(new Set(found.map(({ entryId }) => entryId)).size).toBe(6);
  });

  test.each<[JsonObject, string[]]>([
    [{ actor: 'test' }, ['springfield 3', 'shelbyville 2', 'springfield 1']],
    [{ actor: 'nobody' }, []],
    [{ customerId: 'springfield', action: 'settings' }, ['springfield 3', 'springfield 1']],
    [
      { action: 'settings.put.v1', integrationId: 'oneroster' },
      ['springfield 3', 'shelbyville 2', 'springfield 1'],
    ],
    [{ action: 'setting' }, []],
    [{ integrationId: 'other' }, []],
    [{ since: '2026-02-01T00:00:03Z', until: '2026-02-01T00:00:05Z' }, ['shelbyville 2']],
    [{ customerId: 'shelbyville', until: '2026-02-01T00:00:04Z' }, []],
    [{ since: '2026-02-01', until: '2026-02-01' }, ['springfield 3', 'shelbyville 2', 'springfield 1']],
    [{ since: '2026-02-02' }, []],
  ])('finds what %j asks for, also one at a time, of one customer or of all', async (filter, expected) => {
    const stage = await openControl();
    await register(stage, 'springfield');
    await register(stage, 'shelbyville');
    await stage.clock.advance(Date.UTC(2026, 1, 1) - stage.clock.now());
    const steps = [
      ['springfield', 1],
      ['shelbyville', 2],
      ['springfield', 3],
    ] as const;
    for (const [customerId, holdHours] of steps) {
      await stage.clock.advance(2_000);
      await stage.result('settings.put.v1', { ...integration, customerId, settings: { holdHours } });
    }

    for (const limit of [1, 100]) {
      const found: string[] = [];
      let after: JsonObject | undefined;
      do {
        const params = { since: '2026-02-01', limit, ...filter, ...(after === undefined ? {} : { after }) };
        const page = await stage.result('audit.list.v1', params);
        for (const { customerId, customerName, detail } of page.entries as JsonObject[]) {
          expect(customerName).toBe(`The ${customerId as string} district`);
          const [field] = (detail as { fields: JsonObject[] }).fields;
          found.push(`${customerId as string} ${field?.after as number}`);
        }
        after = (page.next as JsonObject | null) ?? undefined;
      } while (after !== undefined);
      expect(found).toEqual(expected);
    }
  });

  test('says in words what was done, with the reason that was given', async () => {
    const stage = await openControl();
    await register(stage, 'springfield');
    await stage.result('settings.put.v1', { ...integration, settings: { holdHours: 5 } });
    const customer = { customerId: 'springfield', name: 'The springfield district' };
    // The same once more is no deed.
    for (const timeZone of ['America/Chicago', 'America/Chicago'])
      await stage.result('customers.put.v1', { ...customer, timeZone });
    const { entries } = await stage.result('audit.list.v1', { customerId: 'springfield' });
    expect((entries as JsonObject[]).map(({ words }) => words).toSorted(byText)).toEqual([
      'changed the customer (/timeZone)',
      'changed the settings of oneroster (/holdHours)',
      'registered the customer',
      'registered the integration oneroster',
    ]);
  });

  test('has nothing of what was refused', async () => {
    const stage = await openControl();
    await stage.call('customers.put.v1', { customerId: 'springfield', name: '' });
    await stage.call('settings.put.v1', { ...integration, settings: {} });
    await stage.call('credentials.put.v1', { ...integration, credential: {} });
    expect(await stage.result('audit.list.v1', {})).toEqual({ entries: [], next: null });
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
    [{ since: 'yesterday' }, '/since'],
    [{ action: 'all of them' }, '/action'],
  ])('refuses %j', async (wrong, pointer) => {
    const stage = await openControl();
    const { error } = await stage.call('audit.list.v1', { customerId: 'springfield', ...wrong });
    expect(error?.data).toMatchObject({ code: 'invalid_params', issues: [{ pointer }] });
  });

  test('of the whole fleet goes on after an entry only where it says whose it is', async () => {
    const stage = await openControl();
    const after = { at: '2026-01-01T00:00:00Z', entryId: 'x' };
    const { error } = await stage.call('audit.list.v1', { after });
    expect(error?.data).toMatchObject({ code: 'invalid_params', issues: [{ pointer: '/after/customerId' }] });
  });
});
