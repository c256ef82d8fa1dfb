import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openDemoFleet } from '../packages/browser-tests/src/demo-fleet.ts';
import { findChromium } from '../packages/browser-tests/src/find-chromium.ts';
import { launchChromium } from '../packages/browser-tests/src/launch-chromium.ts';
import { openReader } from '../packages/browser-tests/src/reader.ts';
import { takePicture } from '../packages/browser-tests/src/take-picture.ts';

/** Takes the pictures of docs/dashboard.md anew, from the fleet of `demo --stay`: each page, or those that are named, light and dark. */
const names = process.argv.slice(2);
const folder = join(dirname(import.meta.dirname), 'docs/dashboard');
const chromium = findChromium();

if ('missing' in chromium) {
  console.error(chromium.missing);
  process.exitCode = 1;
} else {
  await using cleanup = new AsyncDisposableStack();
  const browser = await launchChromium(chromium.path, cleanup);
  console.log('The demo plays its nights; that takes about a minute ...');
  const { link, findPages } = await openDemoFleet(cleanup);
  const reader = await openReader(browser, link);
  if (names.length === 0) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const pages = await findPages(reader);
  for (const { name, path } of names.length === 0
    ? pages
    : pages.filter((page) => names.includes(page.name))) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await reader.page.emulateMedia({ colorScheme });
      await reader.visit(path);
      const picture = await takePicture(reader);
      writeFileSync(join(folder, `${name}-${colorScheme}.webp`), picture);
      console.log(`${name}-${colorScheme}.webp  ${(picture.length / 1000).toFixed(0)} kB`);
    }
  }
}
