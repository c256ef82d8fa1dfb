import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isFailure } from '../failure/failure.ts';
import { rotateKeyFile } from './key-file.local.ts';
import { describeKeyRing } from './key-ring.contract.ts';
import { createLocalKeyRing } from './key-ring.local.ts';

const noBytes = new Uint8Array();
let folder = '';
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flotilla-key-ring-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function newPath(): string {
  return join(folder, String(++count), 'keys.json');
}

describeKeyRing('the local key ring', async () => {
  const path = newPath();
  return { keyRing: createLocalKeyRing({ path }), rotate: () => rotateKeyFile(path) };
});

describe('the key file', () => {
  test('is made at first use, for its owner only, in a folder for its owner only, and leaves no draft', async () => {
    const path = newPath();

    await createLocalKeyRing({ path }).wrap('oneroster', randomBytes(32), noBytes);

    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(path, '..'))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(path, '..'))).toEqual(['keys.json']);
  });

  test('is made once by many processes that race for it', { timeout: 60_000 }, async () => {
    const path = newPath();
    const program = `
      import { createLocalKeyRing } from ${JSON.stringify(join(import.meta.dirname, 'key-ring.local.ts'))};
      const ring = createLocalKeyRing({ path: ${JSON.stringify(path)} });
      const { wrapped } = await ring.wrap('oneroster', new Uint8Array(32).fill(7), new Uint8Array());
      process.stdout.write(Buffer.from(wrapped).toString('hex'));`;
    const wrappings = await Promise.all(Array.from({ length: 6 }, () => runProgram(program)));

    const ring = createLocalKeyRing({ path });
    for (const wrapped of wrappings) {
      const key = await ring.unwrap(
        'oneroster',
        { wrapped: Buffer.from(wrapped, 'hex'), ringKeyId: 'local/1' },
        noBytes,
      );
      expect(Buffer.from(key)).toEqual(Buffer.alloc(32, 7));
    }
    expect(await readdir(join(path, '..'))).toEqual(['keys.json']);
  });

  test('that others may read is refused, saying what to do', async () => {
    const path = newPath();
    const ring = createLocalKeyRing({ path });
    const wrapped = await ring.wrap('oneroster', randomBytes(32), noBytes);

    for (const mode of [0o644, 0o640, 0o604, 0o660]) {
      await chmod(path, mode);
      const problem = `others may read it (mode ${mode.toString(8)}); let only its owner: chmod 600`;
      await expect(ring.unwrap('oneroster', wrapped, noBytes)).rejects.toMatchObject({
        code: 'config_invalid',
        data: { path, problem },
      });
    }
    await chmod(path, 0o600);
    await expect(ring.unwrap('oneroster', wrapped, noBytes)).resolves.toHaveLength(32);
  });

  test('that is malformed is refused without showing what it holds, and is not replaced', async () => {
    const path = newPath();
    await createLocalKeyRing({ path }).primaryKeyId('oneroster');
    const good = await readFile(path, 'utf8');
    const [, secret = ''] = /"key": "([^"]+)"/.exec(good) ?? [];
    expect(secret.length).toBe(43);

    for (const bad of [
      '',
      good.slice(0, -4),
      good.replace('ring-1', 'ring-2'),
      good.replace('"primary": 1', '"primary": 2'),
      good.replace(secret, secret.slice(2)),
      good.replace('"keys"', '"kyes"'),
      good.replace(/\{\n {6}"version"[^}]*\}/, (key) => `${key}, ${key}`),
    ]) {
      expect(bad).not.toBe(good);
      await writeFile(path, bad);
      const thrown: unknown = await createLocalKeyRing({ path })
        .primaryKeyId('oneroster')
        .catch((error: unknown) => error);
      expect(isFailure(thrown, 'config_invalid')).toBe(true);
      expect(JSON.stringify(thrown) + String(thrown)).not.toContain(secret.slice(2, 20));
      expect(await readFile(path, 'utf8')).toBe(bad);
    }
  });

  test('keeps all its versions through rotations, which another reader sees at once', async () => {
    const path = newPath();
    const [ring, other] = [createLocalKeyRing({ path }), createLocalKeyRing({ path })];
    const wrappings = [];
    for (const version of [1, 2, 3, 4]) {
      wrappings.push(await ring.wrap('oneroster', Buffer.alloc(32, version), noBytes));
      expect(await rotateKeyFile(path)).toBe(version + 1);
    }

    expect(await other.primaryKeyId('oneroster')).toBe('local/5');
    for (const [position, wrapped] of wrappings.entries()) {
      expect(Buffer.from(await other.unwrap('oneroster', wrapped, noBytes))).toEqual(
        Buffer.alloc(32, position + 1),
      );
    }
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });
});

test('a version that the file does not have is refused by name', async () => {
  const ring = createLocalKeyRing({ path: newPath() });
  const { wrapped } = await ring.wrap('oneroster', randomBytes(32), noBytes);

  for (const ringKeyId of ['local/2', 'local/0', 'local/', 'projects/p/cryptoKeys/k/1', '']) {
    await expect(ring.unwrap('oneroster', { wrapped, ringKeyId }, noBytes)).rejects.toMatchObject({
      code: 'credentials_corrupt',
      data: { reason: 'unknown_ring_key', ringKeyId },
    });
  }
});

async function runProgram(program: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module-typescript',
    '--eval',
    program,
  ]);
  return stdout;
}
