import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pageNames } from './page-places.ts';

const docs = join(import.meta.dirname, '../../../docs');
test('the guide to the dashboard shows each page, light and dark, in no more than 3 MB', () => {
  const guide = readFileSync(join(docs, 'dashboard.md'), 'utf8');
  const shown = [...guide.matchAll(/"(dashboard\/[^"]+)"/g)].map(([, path = '']) => path);
  const wanted = pageNames.flatMap((name) =>
    ['light', 'dark'].map((scheme) => `dashboard/${name}-${scheme}.webp`),
  );

  expect(shown.toSorted()).toEqual(wanted.toSorted());
  expect(shown.filter((path) => !existsSync(join(docs, path)))).toEqual([]);
  const bytes = shown.map((path) => statSync(join(docs, path)).size);
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(3_000_000);
});
