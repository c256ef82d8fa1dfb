import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock } from '../clock/clock.manual.ts';
import {
  type LocalPlatform,
  type LocalPlatformOptions,
  openLocalPlatform,
} from '../service/platform.local.ts';

interface MadeFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

let made: Promise<readonly MadeFile[]> | undefined;

/**
 * The embedded platform as `openLocalPlatform` makes it; but what it makes in an empty folder is made and migrated once in a process and then
 * copied, since a disk takes a tenth of a second to make new ones last, before each of two thousand tests.
 */
export async function openFreshPlatform(options: LocalPlatformOptions): Promise<LocalPlatform> {
  made ??= makeFiles(options);
  await mkdir(options.home, { recursive: true, mode: 0o700 });
  const files = await made;
  // Several stages may stand in one folder: what the first has made stays.
  if ((await readdir(options.home)).length === 0)
    for (const { name, bytes } of files) await writeFile(join(options.home, name), bytes, { flag: 'wx' });
  return await openLocalPlatform(options);
}

async function makeFiles({ log }: LocalPlatformOptions): Promise<readonly MadeFile[]> {
  const home = await mkdtemp(join(tmpdir(), 'flotilla-platform-'));
  try {
    // Made before any test's own time: commits never go back behind the last one.
    const clock = createManualClock(0);
    await (await openLocalPlatform({ home, clock, log, mayUnwrap: false })).close();
    const names = await readdir(home);
    return await Promise.all(names.map(async (name) => ({ name, bytes: await readFile(join(home, name)) })));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
