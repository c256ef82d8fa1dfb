import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findChromium } from './find-chromium.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-chromium-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the browser that is named is taken, before any on the PATH', () => {
  const [named, other] = [place('my-browser'), place('chromium')];

  expect(findChromium({ FLOTILLA_CHROMIUM: named, PATH: folder })).toEqual({ path: named });
  expect(findChromium({ FLOTILLA_CHROMIUM: '', PATH: `/nowhere:${folder}` })).toEqual({ path: other });
});

test('where there is none, how to get one is said', () => {
  expect(findChromium({ PATH: folder })).toEqual({
    missing: expect.stringMatching(/no Chromium here.*apt-get install chromium.*FLOTILLA_CHROMIUM/),
  });
  expect(findChromium({})).toHaveProperty('missing');
  expect(findChromium({ FLOTILLA_CHROMIUM: join(folder, 'gone'), PATH: folder })).toEqual({
    missing: expect.stringContaining(join(folder, 'gone')),
  });
});

function place(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, '');
  chmodSync(path, 0o755);
  return path;
}
