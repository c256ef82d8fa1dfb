import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { expect, test } from 'vitest';
import { integration, openTwoWay } from './two-way.fixture.ts';

test('what a vendor changes in every record each time is noise in the third report, until it is declared volatile', async () => {
  const { control, vendor, school } = await openTwoWay({});
  const { customerId } = integration;
  for (let n = 0; n < 12; n++) school.boxes.set(`n${n}`, { id: `n${n}`, title: `Box ${n}`, weight: 0 });
  await vendor.sync();

  async function nextNoise(): Promise<unknown> {
    vendor.clock.skip(60_000);
    for (const [id, box] of school.boxes) school.boxes.set(id, { ...box, weight: Number(box.weight) + 1 });
    school.boxes.set('n1', { ...school.boxes.get('n1'), title: `Box at ${vendor.clock.now()}` });
    const { run } = await vendor.sync();
    const report = await control.result('runs.report.v1', { customerId, runId: run.runId });
    return (report.noise as readonly JsonObject[]).map(({ entityType, pointer, runs, share }) => [
      entityType,
      pointer,
      runs,
      share,
    ]);
  }

  expect(await nextNoise()).toEqual([]);
  expect(await nextNoise()).toEqual([]);
  expect(await nextNoise()).toEqual([['category', '/weight', 3, 1]]);
  expect(await nextNoise()).toEqual([['category', '/weight', 4, 1]]);
  const settings = { entityTypes: { category: { merge: { volatile: ['/weight'] } } } };
  await control.result('settings.put.v1', { ...integration, settings });
  expect(await nextNoise()).toEqual([]);
});
