import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { DashboardStage } from './dashboard-stage.fixture.ts';
import { listBarriers } from './examine-page.ts';
import { hostileAddress } from './hostile-district.fixture.ts';
import { hostileTexts, listHarm, steering } from './hostile-texts.ts';
import type { PagePlaces } from './page-places.ts';

/** A part of each hostile text that is shown as it is, so that it is known to have been there. */
const harmless = [hostileTexts.rightToLeft, 'onerror=', '[31m', '👩🏽‍🏫', 'javascript:alert'];

/** Declares what hostile texts of a vendor must not do to mails and terminals. */
export function describeHostileData(getStage: () => DashboardStage, getPlaces: () => PagePlaces): void {
  let stage: DashboardStage;

  beforeAll(() => {
    stage = getStage();
  });

  test('an e-mail shows them as text, in both of its forms, and fetches nothing', async () => {
    const { customerId } = getPlaces();
    await stage.fleet.control.call('notifications.flush.v1', { customerId }, z.unknown());

    const { subject, text, html } = await stage.mailbox.waitFor(
      ({ to }) => to?.[0]?.address === hostileAddress,
    );

    expect(subject).not.toMatch(steering);
    expect(text?.replaceAll('\r\n', '\n')).not.toMatch(steering);
    for (const words of harmless) expect(`${subject}${text}`).toContain(words);
    const reader = await stage.openReader();
    const { page, ask, takeComplaints, close } = reader;
    await page.goto('about:blank');
    takeComplaints();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.setContent(html ?? '');
    expect(await page.innerText('body')).toContain(hostileTexts.rightToLeft);
    expect(await ask(listHarm)).toEqual([]);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect({ colorScheme, barriers: await listBarriers(reader) }).toEqual({ colorScheme, barriers: [] });
    }
    expect(asked).toEqual([]);
    expect(takeComplaints()).toEqual([]);
    await close();
  });

  test('the command line prints them as text', async () => {
    const { customerId, integrationId, runId, heldRunId, failedRunId, entityType, recordId } = getPlaces();

    const printed = await Promise.all([
      stage.cli('runs', customerId),
      stage.cli('report', runId, '--customer', customerId),
      stage.cli('report', failedRunId, '--customer', customerId),
      stage.cli('conflicts', '--customer', customerId),
      stage.cli('held', heldRunId, '--customer', customerId),
      stage.cli('history', entityType, recordId, '--customer', customerId, '--integration', integrationId),
    ]);

    expect(printed.map(({ code }) => code)).toEqual(printed.map(() => 0));
    const all = printed.map(({ out, err }) => `${out}\n${err}`).join('\n');
    expect(all).not.toMatch(steering);
    for (const words of harmless) expect(all).toContain(words);
  });
}
