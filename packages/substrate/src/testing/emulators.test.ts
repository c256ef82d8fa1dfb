import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../clock/clock.system.ts';
import { findEmulator, startEmulator } from './emulators.ts';

const found = await findEmulator('spanner');

function answers(host: string): Promise<boolean> {
  const [name = '', port] = host.split(':');
  return new Promise((resolve) => {
    const socket = connect(Number(port), name);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function fallsSilent(host: string): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (!(await answers(host))) return true;
    await systemClock.sleep(50);
  }
  return false;
}

describe('the Spanner emulator', () => {
  test('where it is missing, the reason says what is missing and how to get it', async () => {
    expect(await findEmulator('spanner', { FLOTILLA_CLOUD_SDK_ROOT: '/nowhere' })).toEqual({
      missing: expect.stringMatching(
        /^There is no Spanner emulator at \/nowhere\/.*: install the Google Cloud SDK with /,
      ),
    });
  });

  test('a program that is no emulator fails with its output', async () => {
    await expect(startEmulator('spanner', '/bin/false')).rejects.toMatchObject({ code: 'unavailable' });
  });

  if ('missing' in found) {
    console.warn(`SKIPPED: starting the Spanner emulator. ${found.missing}`);
    test.skip(`starts (${found.missing})`, () => {});
    return;
  }

  test('answers when it has started, and is gone when it was stopped', async () => {
    const emulator = await startEmulator('spanner', found.path);

    expect(await answers(emulator.host)).toBe(true);
    await emulator.stop();
    expect(await fallsSilent(emulator.host)).toBe(true);
  });

  test('is gone when the process that started it is killed', async () => {
    const module = fileURLToPath(new URL('emulators.ts', import.meta.url));
    const script = `import { startEmulator } from ${JSON.stringify(module)};
      console.log((await startEmulator('spanner', ${JSON.stringify(found.path)})).host); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const host = await new Promise<string>((resolve) =>
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())),
    );

    expect(await answers(host)).toBe(true);
    child.kill('SIGKILL');
    expect(await fallsSilent(host)).toBe(true);
  });
});
