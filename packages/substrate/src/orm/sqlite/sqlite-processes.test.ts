import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createManualClock } from '../../clock/clock.manual.ts';
import { systemClock } from '../../clock/clock.system.ts';
import { commitTime } from '../columns.ts';
import { fixtureMigrations, fixtureSchema, teachers } from '../contract/fixture-tables.ts';
import { openSqliteDatabase } from '../database.sqlite.ts';
import { compareInstants } from '../instant.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flotilla-orm-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function openFile(name: string, clock = systemClock) {
  const path = join(folder, name);
  const database = await openSqliteDatabase({ path, schema: fixtureSchema, clock });
  await database.migrate(fixtureMigrations);
  return { path, database };
}

function startWriter(path: string, teacher: string, times: number): ChildProcess {
  const program = fileURLToPath(new URL('sqlite-processes.child.ts', import.meta.url));
  return spawn(process.execPath, [program, path, teacher, String(times)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

const exitOf = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', resolve));

describe('several processes on one SQLite file', () => {
  test('make it, migrate it and lose no increment of a row that all of them change', async () => {
    const path = join(folder, 'shared.db');
    const writers = Array.from({ length: 4 }, () => startWriter(path, 't', 150));

    const exits = await Promise.all(writers.map(exitOf));

    expect(exits).toEqual([0, 0, 0, 0]);
    const { database } = await openFile('shared.db');
    expect((await database.get(teachers, { district: 'd', teacher: 't' }))?.lessons).toBe(600);
    await database.close();
  });

  test('what a process said to be committed is there after kill -9, and no lock is left', async () => {
    const { path, database } = await openFile('killed.db');
    const writer = startWriter(path, 't', 1_000_000);
    let said = '';
    const enough = new Promise<void>((resolve) => {
      writer.stdout?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.length > 2_000) resolve();
      });
    });

    await enough;
    const exited = exitOf(writer);
    writer.kill('SIGKILL');
    await exited;

    const promised = Number(said.trimEnd().split('\n').at(-1));
    const stored = (await database.get(teachers, { district: 'd', teacher: 't' }))?.lessons ?? 0;
    expect(stored).toBeGreaterThanOrEqual(promised);
    await database.transaction(async (transaction) =>
      transaction.delete(teachers, { district: 'd', teacher: 't' }),
    );
    expect(await database.scan(teachers)).toEqual([]);
    await database.close();
  });

  test('commit times grow even when the clock is set back', async () => {
    const clock = createManualClock(Date.UTC(2026, 5, 1));
    const { database } = await openFile('clock.db', clock);
    const write = (through: typeof database, teacher: string) =>
      through.transaction(async (transaction) =>
        transaction.insert(teachers, { district: 'd', teacher, lessons: 0, changedAt: commitTime }),
      );
    await write(database, 'a');
    await write(database, 'b');
    await database.close();

    const { database: later } = await openFile('clock.db', createManualClock(Date.UTC(2025, 0, 1)));
    await write(later, 'c');

    const times = (await later.scan(teachers)).map((row) => row.changedAt);
    expect(times.toSorted(compareInstants)).toEqual(times);
    expect(new Set(times).size).toBe(3);
    await later.close();
  });

  test('a path that is no plain file is refused', async () => {
    for (const path of ['', ':memory:', 'file:x?mode=memory']) {
      await expect(
        openSqliteDatabase({ path, schema: fixtureSchema, clock: systemClock }),
      ).rejects.toMatchObject({ code: 'config_invalid' });
    }
    await expect(
      openSqliteDatabase({
        path: join(folder, 'no', 'folder', 'x.db'),
        schema: fixtureSchema,
        clock: systemClock,
      }),
    ).rejects.toMatchObject({ name: 'Failure' });
  });
});
