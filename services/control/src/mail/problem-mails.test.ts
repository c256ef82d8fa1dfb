import { requireCustomer } from '@flotilla/substrate/store';
import { describe, expect, test } from 'vitest';
import { integration } from '../two-way.fixture.ts';
import { composeProblems } from './compose-problems.ts';
import { ana, ben, hour, openWithMail, subjects } from './mail-scene.fixture.ts';

describe('a mail about problems', () => {
  test('tells of a run that failed: why, what the vendor answered, what to do, and where to look', async () => {
    const { vendor, server, flush, breakToken } = await openWithMail();
    await breakToken();
    const { run } = await vendor.sync();

    expect(await flush()).toEqual({ composed: 1, sent: 1, failed: 0 });

    const [mail] = server.mails;
    expect(mail?.to).toEqual([ana]);
    expect(mail?.subject).toBe('[Flotilla] Springfield: first failed');
    expect(mail?.text).toMatch(/^Springfield: first failed\n=+\n\nfirst: Failed: /);
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
    await control.result('runs.reject.v1', { customerId, runId: run.runId, reason: 'a mistake' });
    expect(await flush()).toEqual({ composed: 0, sent: 0, failed: 0 });
  });
});

test('a mail about many integrations has the reports of the first, and of the others what is the matter and where', async () => {
  const { control, vendor, breakToken } = await openWithMail();
  await breakToken();
  const { run } = await vendor.sync();
  const customer = await requireCustomer(control.store, integration.customerId);
  const told = { integrationId: 'first', runId: run.runId, since: run.requestedAt, times: 1 };
  const items = Array.from({ length: 100 }, () => ({ kind: 'trouble', ...told }) as const);
  const fleet = { stack: 'local', version: '1.0.0', dashboardUrl: 'http://pages.invalid' } as const;

  const many = await composeProblems({ store: control.store, fleet }, customer, { items });

  for (const part of [many.text, many.html]) {
    expect(part.split('Enter new ones, then run the connection check.')).toHaveLength(101);
    expect(part.split(`/runs/${run.runId}`).length).toBeGreaterThan(100);
    // What the vendor answered is in reports alone.
    expect(part.split('401').length).toBeLessThan(30);
  }
  // Gmail shows no more.
  expect(Buffer.byteLength(many.html)).toBeLessThan(102_000);
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
    // Whatever it is written in, a name changes the order of nothing around it.
    expect(server.mails[0]?.html).toContain('mails about <bdi>Springfield</bdi> reach you');
  });
});
