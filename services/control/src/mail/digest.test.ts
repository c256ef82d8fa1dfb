import { describe, expect, test } from 'vitest';
import { ben, hour, openWithMail, subjects } from './mail-scene.fixture.ts';

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
    await finish(runId as string);
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
