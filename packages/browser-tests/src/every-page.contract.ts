import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DashboardStage } from './dashboard-stage.fixture.ts';
import { listBarriers, listOverhang, weighPage } from './examine-page.ts';
import { listHarm } from './hostile-texts.ts';
import { type PagePlaces, pageNames, pageRoutes, placePages } from './page-places.ts';
import { type Reader, whenPainted } from './reader.ts';

const router = join(import.meta.dirname, '../../../services/control/dashboard/src/router.tsx');
const mostBytes = 300_000;
/** What changes something says so, by its first word. */
const changing =
  /^(Add a|Approve|Change|Connect a|Decide|Discard|Pause|Reject|Rename|Replay|Resume|Save|Send a|Start a|Store|Sync|Take)\b/;

/** Declares the tests that each page has to pass, whatever is on it. */
export function describeEveryPage(getStage: () => DashboardStage, getPlaces: () => PagePlaces): void {
  const measured: string[] = [];
  let reader: Reader;

  beforeAll(async () => {
    reader = await getStage().openReader({ isCacheless: true });
  });

  afterAll(async () => {
    await reader?.close();
    console.log(`Bytes as transferred, and first contentful paint:\n${measured.join('\n')}`);
  });

  test('is among those that are examined', () => {
    const routes = [...readFileSync(router, 'utf8').matchAll(/^ {2}path: '([^']+)'/gm)].map(
      ([, path = '']) => path,
    );

    expect(routes.length).toBeGreaterThan(10);
    expect(pageRoutes.toSorted()).toEqual(routes.toSorted());
  });

  test.each(pageNames)(
    '%s: fits its window, light and dark, is open to everybody, light to load, and does what no text tells it',
    async (name) => {
      const path = placePages(getPlaces()).find((each) => each.name === name)?.path ?? '';
      const { page } = reader;
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 1280, height: 900 });

      await reader.visit(path);

      await reader.ask(whenPainted);
      const { bytes, firstContentfulPaintMs } = await weighPage(reader);
      measured.push(
        `  ${name.padEnd(14)} ${(bytes / 1000).toFixed(0).padStart(4)} kB ${firstContentfulPaintMs} ms`,
      );
      const wide = { overhang: await listOverhang(reader), barriers: await listBarriers(reader) };
      // Its colours are the same at any width, and it is as wide in any colour.
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.setViewportSize({ width: 400, height: 800 });
      await reader.ask(whenPainted);
      const narrow = { overhang: await listOverhang(reader), barriers: await listBarriers(reader) };
      const nothing = { overhang: [], barriers: [] };
      expect({ wide, narrow }).toEqual({ wide: nothing, narrow: nothing });
      expect(await reader.ask(listHarm)).toEqual([]);
      expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
      expect(bytes).toBeLessThan(mostBytes);
      expect(reader.takeComplaints()).toEqual([]);
    },
  );

  test('what became of the last dead letter of a queue is told, though its card has gone, and the focus is kept', async () => {
    const { page, close, visit } = await getStage().openReader();
    let deadLetters = [deadTask];
    await page.route('**/rpc', async (route) => {
      const { method } = route.request().postDataJSON() as { readonly method: string };
      if (!method.startsWith('deadLetters.')) return await route.continue();
      const ids = deadLetters.map(({ id }) => id);
      if (method.includes('discard')) deadLetters = [];
      const result = { deadLetters, truncated: false, discarded: ids, missing: [] };
      await route.fulfill({ json: { jsonrpc: '2.0', id: 1, result } });
    });
    await visit('/dead-letters');

    await page.getByLabel(`Choose ${deadTask.name}`).check();
    await page.getByRole('button', { name: 'Discard 1' }).click();
    await page.getByRole('button', { name: 'Discard for good' }).click();

    await page.getByText('Discarded: 1.').waitFor();
    await page.getByRole('heading', { name: 'Nothing was given up' }).waitFor();
    await page.getByRole('main').locator(':focus').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await close();
  });

  test('who may only look is offered nothing that would be refused', async () => {
    const viewer = await getStage().openReader({ name: 'Vic', role: 'viewer' });
    const offered: string[] = [];

    for (const { path } of placePages(getPlaces())) {
      await viewer.visit(path);
      const doors = viewer.page.getByRole('main').locator('button, a').filter({ hasText: changing });
      offered.push(...(await doors.allInnerTexts()).map((text) => `${path}: ${text}`));
    }

    expect(offered).toEqual([]);
    expect(viewer.takeComplaints()).toEqual([]);
    await viewer.close();
  });
}

/** As control lists one; none dies in these tests. */
const deadTask = {
  kind: 'task',
  queue: 'oneroster-nightly',
  id: 'dead-1',
  name: 'slice-1',
  path: '/tasks/slice',
  orderingKey: null,
  about: {},
  customerName: null,
  bytes: 10,
  attempts: 5,
  createdAt: '2026-01-01T00:00:00.000Z',
  diedAt: '2026-01-01T01:00:00.000Z',
  lastStatus: 500,
  lastAnswer: 'broken',
};
