import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DashboardStage, openDashboardStage } from './dashboard-stage.fixture.ts';
import { findChromium } from './find-chromium.ts';

const chromium = findChromium();

if ('missing' in chromium) {
  console.warn(`SKIPPED: the dashboard in a browser. ${chromium.missing}`);
  test.skip(`the dashboard in a browser (${chromium.missing})`, () => {});
} else {
  let stage: DashboardStage;

  beforeAll(async () => {
    stage = await openDashboardStage(chromium.path);
  });

  afterAll(async () => {
    await stage?.close();
  });

  describe('first', () => {
    test('opens', async () => {
      const reader = await stage.openReader();
      console.log(await reader.ask('document.title'), reader.complaints, await reader.page.content());
      await reader.visit('/customers');
      console.log(await reader.ask('performance.getEntriesByName("first-contentful-paint")[0]?.startTime'));
      await reader.page.screenshot({ path: '/tmp/e-shot.png' });
      expect(reader.complaints).toEqual([]);
    });
  });
}
