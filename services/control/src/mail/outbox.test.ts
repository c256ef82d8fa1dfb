import { putCustomer } from '@flotilla/substrate/store';
import { describe, expect, test } from 'vitest';
import { integration } from '../two-way.fixture.ts';
import { ana, ben, hour, openWithMail, subjects } from './mail-scene.fixture.ts';

describe('the outbox', () => {
  test('waits ten minutes for what else may end', async () => {
    const { control, vendor, server, breakToken, skip } = await openWithMail();
    await breakToken();
    await vendor.sync();
    const sweep = () => control.sweep();

    await sweep();
    expect(server.mails).toEqual([]);
    skip(11 * 60_000);
    await sweep();
    expect(server.mails).toHaveLength(1);
  });

  test('tells of a whole night in one mail, however its runs end one after the other', async () => {
    const { control, vendor, server, breakToken, finish, skip } = await openWithMail();
    const { customerId } = integration;
    await vendor.connect('second');
    const second = { customerId, integrationId: 'second', credential: { token: 'expired-token-0123456789' } };
    await control.result('credentials.put.v1', second);
    await breakToken();
    await control.result('nightly.run.v1', { night: '2026-01-01' });
    for (const task of control.enqueued) if (task.queue === 'control') await control.deliver(task);
    const { runs } = await control.result('runs.list.v1', { customerId, context: 'nightly' });
    const [one = { runId: '' }, other = { runId: '' }] = runs as readonly { readonly runId: string }[];

    await finish(one.runId);
    skip(15 * 60_000);
    await control.sweep();
    expect(server.mails).toEqual([]);
    await finish(other.runId);
    await control.sweep();

    expect(subjects(server)).toEqual(['[Flotilla] Springfield: 2 integrations need attention']);
    expect(server.mails[0]?.text).toContain('first failed');
    expect(server.mails[0]?.text).toContain('second failed');
  });

  test('does not let a run that takes all night keep the news of the others', async () => {
    const { control, vendor, server, breakToken, finish, skip } = await openWithMail();
    const { customerId } = integration;
    await vendor.connect('second');
    await breakToken();
    await control.result('nightly.run.v1', { night: '2026-01-01' });
    for (const task of control.enqueued) if (task.queue === 'control') await control.deliver(task);
    const { runs } = await control.result('runs.list.v1', {
      customerId,
      integrationId: 'first',
      state: 'queued',
    });
    const [own = { runId: '' }] = runs as readonly { readonly runId: string }[];
    await finish(own.runId);
    for (let minute = 0; minute < 65; minute += 5) {
      await control.sweep();
      expect(server.mails).toEqual([]);
      skip(5 * 60_000);
    }
    skip(5 * 60_000);
    await control.sweep();

    expect(subjects(server)).toEqual(['[Flotilla] Springfield: first failed']);
  });

  test('loses nothing where the mail server is down, and does not knock for every mail', async () => {
    const { vendor, server, flush, get, breakToken } = await openWithMail([
      { address: ana, mode: 'problems' },
      { address: ben, mode: 'problems' },
    ]);
    await breakToken();
    await vendor.sync();
    await server.stop();

    expect(await flush()).toEqual({ composed: 1, sent: 0, failed: 1 });
    expect(await get()).toMatchObject({
      notices: [
        {
          kind: 'problems',
          deliveries: [
            { address: ana, state: 'waiting', failure: { code: 'unavailable' } },
            { address: ben, state: 'waiting', failure: null },
          ],
        },
      ],
    });
    await server.start();
    expect(await flush()).toEqual({ composed: 0, sent: 2, failed: 0 });
    expect(server.mails.map(({ to }) => to)).toEqual([[ana], [ben]]);
    expect(await get()).toMatchObject({ notices: [{ nextTryAt: null }] });
  });

  test('tries again later, later each time, what the server put off, and never what it refused', async () => {
    const { control, vendor, server, get, breakToken, skip } = await openWithMail([
      { address: ana, mode: 'problems' },
      { address: ben, mode: 'problems' },
    ]);
    server.refused.set(ana, 550);
    server.refused.set(ben, 451);
    await breakToken();
    await vendor.sync();
    for (let minute = 0; minute < 60; minute += 5) {
      skip(5 * 60_000);
      await control.sweep();
    }

    const { notices } = await get();
    expect(notices).toMatchObject([
      {
        deliveries: [
          { address: ana, state: 'refused', failure: { code: 'invalid_params' } },
          { address: ben, state: 'waiting', failure: { code: 'unavailable' } },
        ],
      },
    ]);
    // At 10 minutes, then after 5, 10, 20 more: not twelve times.
    expect(server.connections).toBe(5);
    server.refused.clear();
    await control.sweep();
    skip(2 * hour);
    await control.sweep();
    expect(server.mails.map(({ to }) => to)).toEqual([[ben]]);
  });

  test('keeps nobody waiting for a customer whose clock nobody knows', async () => {
    const daily = [{ address: ben, mode: 'digest' }];
    const { control, server, skip } = await openWithMail(daily);
    const atlantis = { customerId: 'atlantis', name: 'Atlantis' };
    await control.result('customers.put.v1', atlantis);
    await control.result('notifications.put.v1', { customerId: 'atlantis', recipients: daily });
    await control.store.transaction(async (transaction) =>
      putCustomer(transaction, { ...atlantis, timeZone: 'Atlantic/Atlantis' }, false),
    );
    skip(8 * hour);
    await control.sweep();

    expect(subjects(server)).toEqual(['[Flotilla] Springfield, 2026-01-01: all is well']);
    expect(control.logged.join('')).toContain('What a customer has to be told could not be gathered');
  });

  test('sends the mails of others though the server refuses what one of them says', async () => {
    const { vendor, server, flush, breakToken } = await openWithMail([
      { address: ana, mode: 'problems' },
      { address: ben, mode: 'problems' },
    ]);
    server.refuseNext(554);
    await breakToken();
    await vendor.sync();

    expect(await flush()).toEqual({ composed: 1, sent: 1, failed: 1 });
    expect(server.mails.map(({ to }) => to)).toEqual([[ben]]);
  });

  test('sends a mail once, though two rounds come at the same time', async () => {
    const { vendor, server, flush, breakToken } = await openWithMail();
    await breakToken();
    await vendor.sync();

    await Promise.all([flush(), flush(), flush()]);

    expect(server.mails).toHaveLength(1);
  });

  test('sends a mail once, though its recipients together take longer than an attempt may', async () => {
    const cyd = 'cyd@district.example';
    const { vendor, server, flush, breakToken, skip } = await openWithMail(
      [ana, ben, cyd].map((address) => ({ address, mode: 'problems' })),
    );
    await breakToken();
    await vendor.sync();
    const others: unknown[] = [];
    server.onMail(async () => {
      skip(6 * 60_000);
      others.push(await flush());
    });

    expect(await flush()).toEqual({ composed: 1, sent: 3, failed: 0 });

    expect(others).toEqual([ana, ben, cyd].map(() => ({ composed: 0, sent: 0, failed: 0 })));
    expect(server.mails.map(({ to }) => to)).toEqual([[ana], [ben], [cyd]]);
  });

  test('gives the same mail the same Message-ID, and each recipient an own one', async () => {
    const { vendor, server, flush, breakToken } = await openWithMail([
      { address: ana, mode: 'problems' },
      { address: ben, mode: 'problems' },
    ]);
    server.refuseAll(451);
    await breakToken();
    await vendor.sync();
    await flush();
    server.refuseAll(undefined);
    await flush();

    const ids = server.mails.map(({ parsed }) => parsed.messageId);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^<[\w-]+\.\d@district\.example>$/);
  });

  test('forgets what there was before anybody wanted to be told', async () => {
    const { control, vendor, server, flush, breakToken } = await openWithMail([]);
    await breakToken();
    await vendor.sync();
    await flush();
    const { customerId } = integration;
    await control.result('notifications.put.v1', {
      customerId,
      recipients: [{ address: ana, mode: 'problems' }],
    });

    expect(await flush()).toEqual({ composed: 0, sent: 0, failed: 0 });
    expect(server.mails).toEqual([]);
  });
});
