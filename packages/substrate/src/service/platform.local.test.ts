import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../clock/clock.system.ts';
import { createLog } from '../observability/create-log.ts';
import { createSecrets } from '../observability/secrets.ts';
import { startCrashChild } from '../tasks/crash-child.fixture.ts';
import { openLocalPlatform } from './platform.local.ts';

const owner = new URL('../egress/warehouse.duckdb.child.ts', import.meta.url);

test('the warehouse of a predecessor that is about to end is opened once it has ended', async () => {
  const home = await mkdtemp(join(tmpdir(), 'platform-'));
  onTestFinished(() => rm(home, { recursive: true }));
  const predecessor = startCrashChild(owner, [join(home, 'warehouse.duckdb'), '1']);
  await predecessor.ready;
  const log = createLog({
    service: 'warehouse',
    version: '0',
    clock: systemClock,
    secrets: createSecrets(),
    format: 'json',
    destination: { write: () => undefined },
  });
  const platform = await openLocalPlatform({ home, clock: systemClock, log, mayUnwrap: false });
  onTestFinished(() => platform.close());

  const opening = platform.openWarehouse();
  await systemClock.sleep(500);
  await predecessor.kill();

  const warehouse = await opening;
  const { rows } = await warehouse.query('SELECT count(*) > 0 AS has_rows FROM user_changes_raw', {
    maxRows: 1,
  });
  expect(rows).toEqual([{ has_rows: true }]);
  await warehouse.close();
});
