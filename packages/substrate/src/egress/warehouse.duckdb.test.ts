import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../clock/clock.system.ts';
import { startCrashChild } from '../tasks/crash-child.fixture.ts';
import { sampleChange } from './sample-changes.fixture.ts';
import { testWarehouse } from './warehouse.contract.ts';
import { openDuckDbWarehouse } from './warehouse.duckdb.ts';
import { testWarehouseColumns } from './warehouse-columns.contract.ts';

const child = new URL('./warehouse.duckdb.child.ts', import.meta.url);
const integration = { customerId: 'customer-1', integrationId: 'integration-1' };

async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'warehouse-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

async function openWarehouse(folder: string) {
  const warehouse = await openDuckDbWarehouse({ path: join(folder, 'warehouse.duckdb'), clock: systemClock });
  await warehouse.ensureTables([{ entityType: 'user', fields: [] }]);
  return warehouse;
}

async function createInFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'warehouse-'));
  const warehouse = await openDuckDbWarehouse({ path: join(folder, 'warehouse.duckdb'), clock: systemClock });
  return {
    warehouse,
    close: async () => {
      await warehouse.close();
      await rm(folder, { recursive: true });
    },
  };
}

testWarehouse('duckdb', createInFolder);
testWarehouseColumns('duckdb', createInFolder);

describe('DuckDB warehouse', () => {
  const escapes: readonly [string, (folder: string) => string][] = [
    ['reading a file', (folder) => `SELECT * FROM read_csv('${folder}/secret.csv')`],
    ['reading a file as a table', (folder) => `SELECT * FROM '${folder}/secret.csv'`],
    ['reading a file as text', (folder) => `SELECT * FROM read_text('${folder}/secret.csv')`],
    ['listing files', (folder) => `SELECT * FROM glob('${folder}/*')`],
    ['writing a file', (folder) => `COPY (SELECT 1) TO '${folder}/written.csv'`],
    ['exporting', (folder) => `EXPORT DATABASE '${folder}/export'`],
    ['attaching a file', (folder) => `ATTACH '${folder}/other.duckdb'`],
    ['loading an extension', () => 'LOAD httpfs'],
    ['installing an extension', () => 'INSTALL httpfs'],
    ['changing a setting', () => 'SET enable_external_access = true'],
    ['changing a setting by PRAGMA', () => 'PRAGMA enable_external_access = true'],
    ['resetting a setting', () => 'RESET enable_external_access'],
    ['executing by EXPLAIN ANALYZE', () => 'EXPLAIN ANALYZE DELETE FROM user_changes_raw'],
    ['a prepared statement', () => 'PREPARE x AS DELETE FROM user_changes_raw'],
    ['a function call statement', () => 'CALL pragma_version()'],
    ['ending the transaction', () => 'COMMIT'],
    ['a parameter', () => 'SELECT $1'],
  ];

  test.each(escapes)('%s is refused', async (_name, sqlOf) => {
    const folder = await createFolder();
    await writeFile(join(folder, 'secret.csv'), 'a\n1\n');
    const warehouse = await openWarehouse(folder);
    await warehouse.append('user', [sampleChange(1)]);

    await expect(warehouse.query(sqlOf(folder), { maxRows: 10 })).rejects.toMatchObject({
      code: 'invalid_params',
    });

    expect(await warehouse.progress(integration)).toEqual({ highestSequence: 1, changes: 1 });
    expect((await readdir(folder)).filter((name) => !name.startsWith('warehouse.duckdb'))).toEqual([
      'secret.csv',
    ]);
    await warehouse.close();
  });

  test.each([
    'DESCRIBE user_changes',
    'SHOW TABLES',
    'WITH a AS (SELECT 1 AS x) SELECT x FROM a',
    'FROM user_changes',
    'SELECT 1;',
  ])('%s is allowed', async (sql) => {
    const warehouse = await openWarehouse(await createFolder());
    await warehouse.append('user', [sampleChange(1)]);

    expect((await warehouse.query(sql, { maxRows: 100 })).rows.length).toBeGreaterThan(0);
    await warehouse.close();
  });

  test('a query that takes too long is broken off, and the warehouse goes on', async () => {
    const warehouse = await openWarehouse(await createFolder());
    const startedAt = Date.now();

    const endless = warehouse.query(
      'SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b',
      { maxRows: 1, timeoutMs: 200 },
    );

    await expect(endless).rejects.toMatchObject({ code: 'invalid_params', data: { timeoutMs: 200 } });
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    await warehouse.append('user', [sampleChange(1)]);
    expect(await warehouse.progress(integration)).toMatchObject({ changes: 1 });
    await warehouse.close();
  });

  test('integers beyond 2^53 come as text, not rounded', async () => {
    const warehouse = await openWarehouse(await createFolder());

    const { rows } = await warehouse.query(
      'SELECT 9007199254740993 AS big, -9007199254740991 AS small, 1.10 AS exact',
      { maxRows: 1 },
    );

    expect(rows).toEqual([{ big: '9007199254740993', small: -9007199254740991, exact: '1.10' }]);
    await warehouse.close();
  });

  test('the views hold one row a change though the landing table holds several', async () => {
    const folder = await createFolder();
    const first = await openWarehouse(folder);
    const deleted = sampleChange(3, { recordId: 'user-1', action: 'delete', before: {}, after: null });
    await first.append('user', [sampleChange(1), sampleChange(2), deleted]);
    await first.close();
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(join(folder, 'warehouse.duckdb'));
    const connection = await instance.connect();
    await connection.run(
      'INSERT INTO user_changes_raw SELECT * REPLACE (received_at + INTERVAL 1 HOUR AS received_at) FROM user_changes_raw ORDER BY sequence DESC',
    );
    connection.closeSync();
    instance.closeSync();

    const second = await openWarehouse(folder);
    const read = async (sql: string) => (await second.query(sql, { maxRows: 10 })).rows;

    expect(await read('SELECT count(*) AS n FROM user_changes_raw')).toEqual([{ n: 6 }]);
    expect(await read('SELECT sequence FROM user_changes ORDER BY 1')).toEqual([
      { sequence: 1 },
      { sequence: 2 },
      { sequence: 3 },
    ]);
    expect(await read('SELECT id FROM user_current')).toEqual([{ id: 'user-2' }]);
    expect(await second.progress(integration)).toEqual({ highestSequence: 3, changes: 3 });
    await second.close();
  });

  test('a second process cannot open the file', async () => {
    const folder = await createFolder();
    const first = startCrashChild(child, [join(folder, 'warehouse.duckdb'), '1']);
    await first.ready;

    await expect(openWarehouse(folder)).rejects.toMatchObject({ code: 'unavailable' });
    await first.kill();
  });

  test('what an append promised is there after kill -9, whole, and delivering it again adds no row', async () => {
    const folder = await createFolder();
    const path = join(folder, 'warehouse.duckdb');
    let next = 1;

    for (let round = 0; round < 5; round++) {
      const appender = startCrashChild(child, [path, String(next)]);
      await appender.ready;
      await wait(50 + Math.random() * 250);
      await appender.kill();
      const promised = Number(appender.lines.at(-1) === 'ready' ? next - 1 : appender.lines.at(-1));

      const warehouse = await openWarehouse(folder);
      const { highestSequence, changes } = await warehouse.progress(integration);
      expect(highestSequence).toBeGreaterThanOrEqual(promised);
      expect(highestSequence % 50).toBe(0);
      expect(changes).toBe(highestSequence);
      await warehouse.append(
        'user',
        Array.from({ length: 50 }, (_, index) => sampleChange(Math.max(1, highestSequence - 49) + index)),
      );
      const raw = await warehouse.query('SELECT count(*) AS n FROM user_changes_raw', { maxRows: 1 });
      expect(raw.rows).toEqual([{ n: Math.max(50, highestSequence) }]);
      await warehouse.close();
      next = Math.max(50, highestSequence) + 1;
    }
    expect(next).toBeGreaterThan(100);
  });
});
