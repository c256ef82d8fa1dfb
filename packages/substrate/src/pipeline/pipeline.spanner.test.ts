import { afterAll, describe, test } from 'vitest';
import { systemClock } from '../clock/clock.system.ts';
import { openSpannerDatabase } from '../orm/database.spanner.ts';
import { storeSchema } from '../store/schema.ts';
import { findSpannerEmulator, startSpannerEmulator } from '../testing/emulators.ts';
import { describePipeline } from './pipeline.contract.ts';
import { createPipelineFixture } from './pipeline.fixture.ts';

const found = await findSpannerEmulator();

if ('missing' in found) {
  console.warn(`SKIPPED: the pipeline on Spanner. ${found.missing}`);
  describe.skip(`the pipeline on Spanner (${found.missing})`, () => test('a sync', () => {}));
} else {
  const emulator = await startSpannerEmulator(found.path);
  afterAll(() => emulator.stop());
  let databases = 0;

  describePipeline('Spanner', (options) => {
    databases += 1;
    const address = {
      projectId: 'flotilla',
      // The emulator has room for 100 databases in an instance.
      instanceId: `test-${Math.floor(databases / 50)}`,
      databaseId: `pipeline-${databases}`,
      emulatorHost: emulator.host,
    };
    return createPipelineFixture({
      ...options,
      openDatabase: () => openSpannerDatabase({ ...address, schema: storeSchema, clock: systemClock }),
    });
  });
}
