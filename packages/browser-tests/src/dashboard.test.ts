import { afterAll, beforeAll, describe, test } from 'vitest';
import { type DashboardStage, openDashboardStage } from './dashboard-stage.fixture.ts';
import { describeEveryPage } from './every-page.contract.ts';
import { findChromium } from './find-chromium.ts';
import { describeHostileData } from './hostile-data.contract.ts';
import { type HostileDistrict, plantHostileDistrict } from './hostile-district.fixture.ts';
import { describeOtherPages } from './other-pages.contract.ts';
import { describeTheStory } from './the-story.contract.ts';

/** One fleet and one browser for all of it: they take longer to start than most of the tests. */
const chromium = findChromium();
/** The other processor may be busy with other tests. */
const slow = { timeout: 60_000 };

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

  describe('a week at a school district', slow, () => {
    describeTheStory(() => stage);
  });

  describe('what others try', slow, () => {
    describeOtherPages(() => stage);
  });

  describe('every page, with hostile data on it', slow, () => {
    beforeAll(async () => {
      hostile = await plantHostileDistrict(stage.fleet, cleanup);
    });

    describeEveryPage(
      () => stage,
      () => hostile.places,
    );
    describeHostileData(
      () => stage,
      () => hostile.places,
    );
  });
}
