import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findServices } from './find-services.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-services-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function addService(name: string, manifest?: object): void {
  mkdirSync(join(folder, name, 'src'), { recursive: true });
  writeFileSync(join(folder, name, 'src', 'main.ts'), '');
  if (manifest !== undefined) writeFileSync(join(folder, name, 'package.json'), JSON.stringify(manifest));
}

test('a service is started with the flags for Node of its own start script', () => {
  addService('clever', { scripts: { start: 'node --max-old-space-size=256 --flag=1 src/main.ts' } });

  expect(findServices(folder)).toEqual([
    {
      name: 'clever',
      entry: join(folder, 'clever', 'src', 'main.ts'),
      nodeFlags: ['--max-old-space-size=256', '--flag=1'],
    },
  ]);
});

test('one without a manifest, or without such a script, is started without flags', () => {
  addService('plain');
  addService('quiet', { name: 'quiet' });
  addService('scripted', { scripts: { test: 'node --test' } });

  expect(findServices(folder).map(({ nodeFlags }) => nodeFlags)).toEqual([[], [], []]);
});

test('a folder without a service is refused', () => {
  expect(() => findServices(folder)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
});
