import { afterAll, beforeAll, describe, test } from 'vitest';
import { type DashboardStage, openDashboardStage } from './dashboard-stage.fixture.ts';
import { describeEveryPage } from './every-page.contract.ts';
import { findChromium } from './find-chromium.ts';
import { describeTheStory } from './the-story.contract.ts';
import { type HostileDistrict, plantHostileDistrict } from './hostile-district.fixture.ts';

/** One fleet and one browser for all of it: they take longer to start than most of the tests. */
const chromium = findChromium();

if ('missing' in chromium) {
  console.warn(`SKIPPED: the dashboard in a browser. ${chromium.missing}`);
  test.skip(`the dashboard in a browser (${chromium.missing})`, () => {});
} else {
  const cleanup = new AsyncDisposableStack();
  let stage: DashboardStage;
  let hostile: HostileDistrict;

  beforeAll(async () => {
    stage = await openDashboardStage(chromium.path);
    cleanup.defer(stage.close);
  }, 120_000);

  afterAll(() => cleanup.disposeAsync(), 60_000);

  describe('a week at a school district', () => {
    describeTheStory(() => stage);
  });

  describe('every page, with hostile data on it', () => {
    beforeAll(async () => {
      hostile = await plantHostileDistrict(stage.fleet, cleanup);
    });

    describeEveryPage(
      () => stage,
      () => hostile.places,
    );
  });
}
