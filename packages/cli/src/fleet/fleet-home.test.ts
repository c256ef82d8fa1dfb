import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFleetHome } from './fleet-home.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-home-'));
  path = join(folder, 'home');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the home of a fleet', () => {
  test('is created for its owner only', () => {
    openFleetHome(path).release();

    expect(modeOf(path)).toBe(0o700);
  });

  test.each(['755', '777', '750'])('that has mode %s is closed to others when it is opened', (mode) => {
    mkdirSync(path);
    chmodSync(path, Number.parseInt(mode, 8));

    openFleetHome(path).release();

    expect(modeOf(path)).toBe(0o700);
  });

  test('in a folder that holds something else leaves the mode of that folder alone', () => {
    mkdirSync(path);
    writeFileSync(join(path, 'thesis.txt'), '');
    chmodSync(path, 0o755);

    openFleetHome(path).release();

    expect(modeOf(path)).toBe(0o755);
  });
});

function modeOf(file: string): number {
  return statSync(file).mode & 0o777;
}
