import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, test } from 'vitest';
import { openControl, register } from '../control.fixture.ts';

const ana = { address: 'ana@district.example', mode: 'problems' } as const;
const ben = { address: 'ben@district.example', mode: 'digest' } as const;

describe('notifications', () => {
  test('are nobody’s at first', async () => {
    const stage = await openControl();
    await register(stage, 'springfield');

    expect(await stage.result('notifications.get.v1', { customerId: 'springfield' })).toEqual({
      version: 0,
      recipients: [],
      digestAt: '07:00',
      timeZone: 'UTC',
      nextDigestAt: null,
      mail: null,
      notices: [],
    });
  });

  test('are kept as chosen, and a digest is due when its time comes on the customer’s own clock', async () => {
    const stage = await openControl();
    await register(stage, 'springfield');
    const zone = { customerId: 'springfield', name: 'Springfield', timeZone: 'America/Chicago' };
    await stage.result('customers.put.v1', zone);
    // The clock of the stage stands in winter: Chicago is six hours behind.
    const now = new Date(stage.clock.now()).toISOString();

    const params = { customerId: 'springfield', recipients: [ana, ben], digestAt: '06:30' };
    const put = await stage.result('notifications.put.v1', params);

    expect(put).toMatchObject({ recipients: [ana, ben], digestAt: '06:30', timeZone: 'America/Chicago' });
    expect(put.nextDigestAt).toMatch(/T12:30:00.000Z$/);
    expect((put.nextDigestAt as string) > now).toBe(true);
    expect(await stage.result('notifications.get.v1', { customerId: 'springfield' })).toEqual(put);
    const later = { customerId: 'springfield', recipients: [ana] };
    expect(await stage.result('notifications.put.v1', later)).toMatchObject({
      digestAt: '06:30',
      nextDigestAt: null,
    });
  });

  test('that were changed stand in the audit log with what they were before', async () => {
    const stage = await openControl();
    await register(stage, 'springfield');
    await stage.clock.advance(1_000);
    await stage.result('notifications.put.v1', { customerId: 'springfield', recipients: [ana] });
    await stage.clock.advance(1_000);
    await stage.result('notifications.put.v1', { customerId: 'springfield', recipients: [ben] });

    const { entries } = await stage.result('audit.list.v1', { customerId: 'springfield' });

    expect((entries as readonly JsonObject[]).slice(0, 2)).toMatchObject([
      {
        action: 'notifications.put.v1',
        actor: 'test',
        detail: { before: { recipients: [ana] }, after: { recipients: [ben], digestAt: '07:00' } },
      },
      { action: 'notifications.put.v1', detail: { before: null, after: { recipients: [ana] } } },
    ]);
  });

  test('are not changed by somebody who saw others, and change once where they are put twice', async () => {
    const stage = await openControl();
    await register(stage, 'springfield');
    const put = (recipients: readonly JsonObject[], ifVersion: number) =>
      stage.call('notifications.put.v1', { customerId: 'springfield', recipients, ifVersion });

    const answers = await Promise.all([put([ana], 0), put([ben], 0)]);

    const refused = answers.flatMap(({ error }) => error ?? []);
    expect(refused).toHaveLength(1);
    expect(refused[0]?.data).toMatchObject({ code: 'stale_version', expected: 0, found: 1 });
    expect((await put([ana, ben], 1)).result).toMatchObject({ version: 2, recipients: [ana, ben] });
    expect((await put([ana, ben], 2)).result).toMatchObject({ version: 2 });
    const { entries } = await stage.result('audit.list.v1', {
      customerId: 'springfield',
      action: 'notifications',
    });
    expect(entries).toHaveLength(2);
  });

  test.each([
    ['no address', [{ address: 'ana', mode: 'problems' }]],
    [
      'a second address smuggled in',
      [{ address: 'ana@district.example, eve@elsewhere.example', mode: 'off' }],
    ],
    [
      'a header smuggled in',
      [{ address: 'ana@district.example\r\nBcc: eve@elsewhere.example', mode: 'off' }],
    ],
    ['the same address twice', [ana, { ...ana, address: 'Ana@district.example' }]],
    ['no such mode', [{ ...ana, mode: 'sometimes' }]],
  ])('refuse %s', async (_name, recipients) => {
    const stage = await openControl();
    await register(stage, 'springfield');

    const { error } = await stage.call('notifications.put.v1', { customerId: 'springfield', recipients });

    expect(error?.data.code).toBe('invalid_params');
  });

  test.each(['7:00', '24:00', '07:60', 'noon'])('refuse %s for a time', async (digestAt) => {
    const stage = await openControl();
    await register(stage, 'springfield');

    const params = { customerId: 'springfield', recipients: [ana], digestAt };

    expect((await stage.call('notifications.put.v1', params)).error?.data.code).toBe('invalid_params');
  });

  test('are of a customer that there is', async () => {
    const stage = await openControl();
    for (const [method, params] of [
      ['notifications.get.v1', {}],
      ['notifications.put.v1', { recipients: [ana] }],
      ['notifications.test.v1', {}],
    ] as const) {
      const { error } = await stage.call(method, { customerId: 'nobody', ...params });
      expect(error?.data.code, method).toBe('not_found');
    }
  });

  test('cannot be tried out on strangers, nor where no mail is sent', async () => {
    const stage = await openControl();
    await register(stage, 'springfield');
    await stage.result('notifications.put.v1', { customerId: 'springfield', recipients: [ana] });

    const stranger = { customerId: 'springfield', address: 'eve@elsewhere.example' };
    expect((await stage.call('notifications.test.v1', stranger)).error?.data.code).toBe('not_found');
    const known = { customerId: 'springfield', address: ana.address };
    expect((await stage.call('notifications.test.v1', known)).error?.data).toMatchObject({
      code: 'config_invalid',
      settings: 'FLOTILLA_SMTP_URL, FLOTILLA_MAIL_FROM',
    });
  });
});
