import { accessSync, constants, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

/** Linux's file system in memory. A container may have one of 64 MB, which is too little. */
const memory = '/dev/shm';
const leastBytes = 2 * 1024 ** 3;

let folder: string | undefined;

/**
 * Before all tests: lets `tmpdir()` be in memory where there is room. Most suites make databases and kill processes at every commit; on a disk
 * they spend more than half of their time waiting for it to make commits last, and a process that is killed loses nothing of either.
 */
export function setup(): void {
  if (!hasRoom()) return;
  folder = mkdtempSync(join(memory, 'flotilla-tests-'));
  // Workers, and what they start, inherit it.
  process.env['TMPDIR'] = folder;
}

export function teardown(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}

function hasRoom(): boolean {
  try {
    accessSync(memory, constants.W_OK);
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize >= leastBytes;
  } catch {
    // Not Linux, or not for us: the disk serves.
    return false;
  }
}
