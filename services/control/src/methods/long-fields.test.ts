import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import { jsonSize } from '@flotilla/substrate/report/json-size';
import { expect, test } from 'vitest';
import { openTwoWay } from '../two-way.fixture.ts';

/** What a page of the dashboard can take beside its scripts and styles. Bytes. */
const mostOfAnswer = 180_000;

test('Records with fields of 10,000 characters make pages shorter, and no answer heavier than a page can take', async () => {
  const stage = await openTwoWay();
  const ids = Array.from({ length: 30 }, (_, index) => `long-${index}`);
  for (const id of ids) stage.relabel(id, { title: 'x'.repeat(10_000) });
  await stage.vendor.sync();
  for (const id of ids) stage.relabel(id, { title: 'y'.repeat(10_000) });
  const { run } = await stage.vendor.sync();
  const customerId = 'springfield';
  const { integrationId, runId } = run;

  const report = await stage.control.result('runs.report.v1', { customerId, runId, changes: 1_000 });
  expect(jsonSize(report)).toBeLessThan(140_000);
  expect((report.changes as JsonObject[]).length + (report.changesOmitted as number)).toBe(30);
  expect(report.changes).toContainEqual(
    expect.objectContaining({
      fields: [expect.objectContaining({ cut: { before: 10_000, after: 10_000 } })],
    }),
  );

  const listings = [
    ['runs.changes.v1', 'changes', { runId }, 30],
    ['records.list.v1', 'records', { integrationId, entityType: 'category', values: true }, 33],
  ] as const;
  for (const [method, rows, scope, all] of listings) {
    let found = 0;
    let after: JsonValue = null;
    do {
      const params: JsonObject = { customerId, ...scope, ...(after === null ? {} : { after }) };
      const page: JsonObject = await stage.control.result(method, params);
      expect(jsonSize(page)).toBeLessThan(mostOfAnswer);
      found += (page[rows] as JsonObject[]).length;
      after = page['next'] ?? null;
    } while (after !== null);
    expect([method, found]).toEqual([method, all]);
  }
});
