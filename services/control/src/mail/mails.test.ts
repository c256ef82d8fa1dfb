import { putCustomer } from '@flotilla/substrate/store';
import { describe, expect, test } from 'vitest';
import { shelfToken } from '../shelf-school.fixture.ts';
import { integration, openTwoWay } from '../two-way.fixture.ts';
import { type MailServer, openMailServer } from './mail-server.fixture.ts';

const ana = 'ana@district.example';
const ben = 'ben@district.example';
const hour = 3_600_000;

/** Shelf School, synced once, and a mail server; Ana is told of problems. */
async function openWithMail(recipients: readonly object[] = [{ address: ana, mode: 'problems' }]) {
  const server = await openMailServer();
  const mail = { smtpUrl: server.url, from: 'Flotilla <flotilla@district.example>' };
  const scene = await openTwoWay({ writeBack: ['category'] }, { mail });
  const { customerId } = integration;
  const { control, vendor, school } = scene;
  await control.result('notifications.put.v1', {
    customerId,
    recipients: recipients.map((one) => ({ ...one })),
  });
  return {
    ...scene,
    server,
    flush: () => control.result('notifications.flush.v1', {}),
    get: () => control.result('notifications.get.v1', { customerId }),
    /** The vendor takes the stored token no more, or takes it again. */
    breakToken: (token = 'expired-token-0123456789') =>
      control.result('credentials.put.v1', { ...integration, credential: { token } }),
    mendToken: () =>
      control.result('credentials.put.v1', { ...integration, credential: { token: shelfToken } }),
    /** A record that cannot be read. */
    spoil: (id: string) => school.boxes.set(id, { id, title: 7 }),
    skip: (ms: number) => vendor.clock.skip(ms),
  };
}

function subjects({ mails }: MailServer): readonly string[] {
  return mails.map(({ subject }) => subject);
}

describe('a mail about problems', () => {
  test('tells of a run that failed: why, what the vendor answered, what to do, and where to look', async () => {
    const { vendor, server, flush, breakToken } = await openWithMail();
    await breakToken();
    const { run } = await vendor.sync();

    expect(await flush()).toEqual({ composed: 1, sent: 1, failed: 0 });

    const [mail] = server.mails;
    expect(mail?.to).toEqual([ana]);
    expect(mail?.subject).toBe('[Flotilla] Springfield: first failed');
    for (const part of [mail?.text, mail?.html]) {
      expect(part).toContain('Failed: The vendor refuses the credentials');
      expect(part).toContain('Enter new ones, then run the connection check.');
      expect(part).toContain(`http://pages.invalid/customers/springfield/runs/${run.runId}`);
      expect(part).toContain('401');
    }
    expect(mail?.parsed.from?.address).toBe('flotilla@district.example');
    expect(mail?.raw).toContain('Auto-Submitted: auto-generated');
    expect(await flush()).toEqual({ composed: 0, sent: 0, failed: 0 });
  });

  test('of the same trouble on the next night is short, and that all is well again is told too', async () => {
    const { vendor, server, flush, breakToken, mendToken, skip } = await openWithMail();
    await breakToken();
    await vendor.sync();
    await flush();
    skip(hour);
    await vendor.sync();
    await flush();
    expect(server.mails).toHaveLength(1);
    skip(23 * hour);
    await vendor.sync();
    await flush();
    await mendToken();
    skip(24 * hour);
    await vendor.sync();
    await flush();
    skip(24 * hour);
    await vendor.sync();
    await flush();

    expect(subjects(server)).toEqual([
      '[Flotilla] Springfield: first failed',
      '[Flotilla] Springfield: first failed again, not well since 2026-01-01',
      '[Flotilla] Springfield: first is well again',
    ]);
    expect(server.mails[1]?.text).toContain('told for the 2nd time');
    expect(server.mails[1]?.text.length).toBeLessThan((server.mails[0]?.text.length ?? 0) / 1.5);
    expect(server.mails[2]?.text).toContain('All is well.');
  });

  test('is not sent where all is well, nor for what ended by itself before anybody was told', async () => {
    const { vendor, server, flush, breakToken, mendToken, skip } = await openWithMail();
    await vendor.sync();
    skip(1_000);
    await breakToken();
    await vendor.sync();
    skip(1_000);
    await mendToken();
    await vendor.sync();

    expect(await flush()).toEqual({ composed: 0, sent: 0, failed: 0 });
    expect(server.mails).toEqual([]);
  });

  test('names records that were left out and fields that are in conflict', async () => {
    const { control, vendor, server, flush, spoil, box, relabel } = await openWithMail();
    spoil('b1');
    const ours = { status: 'active', title: 'Ours', weight: 1 };
    await control.result('records.put.v1', { ...box('b2'), value: ours });
    relabel('b2', { title: 'Theirs' });
    await vendor.sync();
    await flush();

    const [mail] = server.mails;
    expect(mail?.subject).toBe('[Flotilla] Springfield: first left records out');
    for (const part of [mail?.text, mail?.html]) {
      expect(part).toContain('b1');
      expect(part).toContain('Ours');
      expect(part).toContain('Theirs');
      expect(part).toContain('/title');
    }
  });

  test('shows what vendors say as text, whatever it is', async () => {
    const { control, vendor, server, flush, box, relabel } = await openWithMail();
    const ours = { status: 'active', title: 'Ours', weight: 1 };
    const hostile = `😀 שלום <script>alert(1)</script><img src="//x.example"> \u202e \u001b[31m`;
    await control.result('records.put.v1', { ...box('b2'), value: ours });
    relabel('b2', { title: hostile });
    await vendor.sync();
    await flush();

    const [mail] = server.mails;
    expect(mail?.html).toContain('&#60;script&#62;');
    expect(mail?.html).not.toMatch(/<(?:script|img)/);
    for (const part of [mail?.text, mail?.html]) {
      expect(part).not.toMatch(/[\u202e\u001b]/);
      expect(part).toContain('😀 שלום');
    }
    // Nothing is loaded from anywhere, and every link goes to the dashboard.
    expect(mail?.html).not.toMatch(/<[^>]*\ssrc=|url\(|@import|<link/);
    const links = [...(mail?.html ?? '').matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((href) => href?.startsWith('http://pages.invalid/') !== true)).toEqual([]);
  });

  test('tells of a held run where to approve it', async () => {
    const { control, vendor, school, server, flush } = await openWithMail();
    const { customerId } = integration;
    for (let n = 0; n < 40; n++) school.boxes.set(`n${n}`, { id: `n${n}`, title: `Box ${n}`, weight: 1 });
    await vendor.sync();
    for (let n = 0; n < 40; n++) school.boxes.delete(`n${n}`);
    const { run } = await vendor.sync();
    await flush();

    expect(run.state).toBe('held');
    const [mail] = server.mails;
    expect(mail?.subject).toBe('[Flotilla] Springfield: first waits for somebody to approve it');
    expect(mail?.text).toContain(`http://pages.invalid/customers/springfield/runs/${run.runId}/plan`);
    await control.result('runs.reject.v1', { customerId, runId: run.runId });
    expect(await flush()).toEqual({ composed: 0, sent: 0, failed: 0 });
  });
});

describe('the outbox', () => {
  test('waits for what else ends that night, but for no longer than an hour', async () => {
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

describe('a digest', () => {
  const daily = [{ address: ben, mode: 'digest' }];

  test('comes once a day on the customer’s clock, also when all is well', async () => {
    const { control, vendor, server, skip } = await openWithMail(daily);
    // It is three o’clock in UTC, and a digest is due at seven.
    skip(3 * hour);
    await vendor.sync();
    await control.sweep();
    expect(server.mails).toEqual([]);
    skip(hour + 60_000);
    await control.sweep();
    await control.sweep();

    const [mail] = server.mails;
    expect(subjects(server)).toEqual(['[Flotilla] Springfield, 2026-01-01: all is well']);
    expect(mail?.to).toEqual([ben]);
    expect(mail?.text).toContain('ok  first (shelf-school): All is well.');
    skip(24 * hour);
    await control.sweep();
    expect(server.mails).toHaveLength(2);
    expect(server.mails[1]?.text).toContain('No run in this time.');
  });

  test('puts first what needs somebody', async () => {
    const { control, vendor, server, breakToken, skip } = await openWithMail(daily);
    await breakToken();
    await vendor.sync();
    skip(8 * hour);
    await control.sweep();

    expect(subjects(server)).toEqual([
      '[Flotilla] Springfield, 2026-01-01: 1 of 1 integration needs attention',
    ]);
    expect(server.mails[0]?.text).toContain('!!  first (shelf-school): Failed: The vendor refuses');
  });

  test('tells of what failed until it is made good, whatever else went well', async () => {
    const { control, vendor, server, breakToken, mendToken, skip, box, finish } = await openWithMail(daily);
    await breakToken();
    await vendor.sync();
    await mendToken();
    skip(hour);
    const value = { status: 'active', title: 'Ours', weight: 1 };
    const { runId } = await control.result('records.put.v1', { ...box('b1'), value });
    await finish(String(runId));
    skip(7 * hour);
    await control.sweep();
    skip(24 * hour);
    await control.sweep();
    await vendor.sync();
    skip(24 * hour);
    await control.sweep();

    expect(subjects(server)).toEqual([
      '[Flotilla] Springfield, 2026-01-01: 1 of 1 integration needs attention',
      '[Flotilla] Springfield, 2026-01-02: 1 of 1 integration needs attention',
      '[Flotilla] Springfield, 2026-01-03: all is well',
    ]);
  });

  test('is one, though several were missed', async () => {
    const { control, server, skip } = await openWithMail(daily);
    skip(80 * hour);
    await control.sweep();
    await control.sweep();

    expect(subjects(server)).toEqual(['[Flotilla] Springfield, 2026-01-04: all is well']);
    expect(server.mails[0]?.text).toContain('From 2026-01-01 03:00 (UTC) to 2026-01-04 07:00 (UTC)');
  });
});

describe('a test mail', () => {
  test('arrives, or says what the mail server said', async () => {
    const { control, server } = await openWithMail([
      { address: ana, mode: 'problems' },
      { address: ben, mode: 'digest' },
    ]);
    server.refused.set(ben, 550);
    const { customerId } = integration;

    expect(await control.result('notifications.test.v1', { customerId })).toEqual({
      mails: [
        { address: ana, failure: null },
        {
          address: ben,
          failure: {
            code: 'invalid_params',
            message: 'The mail server does not take mails for this address',
            answer: `550 No mails for ${ben}`,
          },
        },
      ],
    });
    expect(subjects(server)).toEqual(['[Flotilla] Springfield: a test mail']);
  });
});
