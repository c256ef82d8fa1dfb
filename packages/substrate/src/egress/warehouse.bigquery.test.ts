import { type BigQueryStandIn, startBigQuery } from '@flotilla/stand-ins/bigquery';
import { BigQuery } from '@google-cloud/bigquery';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import { systemClock } from '../clock/clock.system.ts';
import type { Clock } from '../clock/clock.ts';
import { sampleChange, sampleChanges } from './sample-changes.fixture.ts';
import { openBigQueryWarehouse } from './warehouse.bigquery.ts';
import { testWarehouse } from './warehouse.contract.ts';
import { batchesOf } from './warehouse-append.bigquery.ts';
import { testWarehouseColumns } from './warehouse-columns.contract.ts';
import { ensureEntityTables } from './warehouse-tables.bigquery.ts';

const integration = { customerId: 'customer-1', integrationId: 'integration-1' };
const user = { entityType: 'user', fields: [{ name: 'givenName', type: 'string' }] } as const;

/** A day later than the tables of the stand-in are made: they are known everywhere by then. */
const tomorrow: Clock = { ...systemClock, now: () => systemClock.now() + 24 * 3_600_000 };

let shared: BigQueryStandIn;
let count = 0;

beforeAll(async () => {
  shared = await startBigQuery();
});
afterAll(() => shared.close());

/** A dataset of its own. */
function arrangePlace({ endpoint, calls } = shared) {
  const place = { projectId: 'springfield-1', dataset: `rosters_${count++}` };
  const before = calls.length;
  return {
    place,
    client: new BigQuery({ projectId: place.projectId, apiEndpoint: endpoint }),
    open: (clock: Clock = tomorrow) =>
      openBigQueryWarehouse({ ...place, location: 'europe-west1', clock, endpoint }),
    callsOf: (kind: string) => calls.slice(before).filter((call) => call.startsWith(kind)),
  };
}

async function arrange(clock?: Clock, bigquery = shared) {
  const arranged = arrangePlace(bigquery);
  const warehouse = await arranged.open(clock);
  await warehouse.ensureTables([user]);
  const countRaw = async () =>
    (await warehouse.query('SELECT count(*) AS n FROM user_changes_raw', { maxRows: 1 })).rows[0]?.['n'];
  return { ...arranged, bigquery, warehouse, countRaw };
}

async function startForgetful(): Promise<BigQueryStandIn> {
  const bigquery = await startBigQuery({ rememberedMs: 0 });
  onTestFinished(() => bigquery.close());
  return bigquery;
}

async function createForgetful() {
  // It forgets at once what it was sent: the views must do without.
  const bigquery = await startBigQuery({ rememberedMs: 0 });
  const warehouse = await arrangePlace(bigquery).open(systemClock);
  return {
    warehouse,
    close: async () => {
      await warehouse.close();
      await bigquery.close();
    },
  };
}

testWarehouse('bigquery', createForgetful);
testWarehouseColumns('bigquery', createForgetful);

describe('an append to BigQuery', () => {
  test('that is repeated within a minute adds no rows', async () => {
    const { warehouse, countRaw } = await arrange();

    await warehouse.append('user', sampleChanges(3));
    await warehouse.append('user', sampleChanges(4));

    expect(await countRaw()).toBe(4);
  });

  test('goes in requests of 500 rows', async () => {
    const { callsOf, warehouse } = await arrange();

    await warehouse.append('user', sampleChanges(1_001));

    expect(callsOf('insertAll')).toEqual([
      'insertAll user_changes_raw 500',
      'insertAll user_changes_raw 500',
      'insertAll user_changes_raw 1',
    ]);
  });

  test('goes in requests that are no larger than BigQuery takes, in order', () => {
    const changes = Array.from({ length: 40 }, (_, index) =>
      sampleChange(index + 1, { after: { note: '"ü'.repeat((index * 37) % 200) } }),
    );

    const batches = [...batchesOf(changes, 0, { maxRows: 6, maxBytes: 3_000 })];

    for (const rows of batches) {
      expect(rows.length).toBeLessThanOrEqual(6);
      expect(Buffer.byteLength(JSON.stringify({ rows }))).toBeLessThanOrEqual(3_000);
    }
    expect(batches.flat().map(({ json }) => json.change_id)).toEqual(changes.map(({ changeId }) => changeId));
    expect(batches.length).toBeLessThan(20);
  });

  test('of a change that no request can hold is refused before anything is sent', async () => {
    const { callsOf, warehouse } = await arrange();
    const large = sampleChange(2, { after: { note: 'x'.repeat(9.9e6) } });

    await expect(warehouse.append('user', [large])).rejects.toMatchObject({
      code: 'too_large',
      data: { changeId: large.changeId, sequence: 2, maximumBytes: 9_900_000 },
    });

    expect(callsOf('insertAll')).toEqual([]);
  });

  test('of changes that have one id in two integrations lands both', async () => {
    const { warehouse, countRaw } = await arrange();
    const change = sampleChange(1);

    await warehouse.append('user', [change, { ...change, integrationId: 'integration-2' }]);

    expect(await countRaw()).toBe(2);
  });

  test.each([
    [403, 'rateLimitExceeded', 'unavailable'],
    [403, 'quotaExceeded', 'unavailable'],
    [400, 'backendError', 'unavailable'],
    [429, 'unheardOf', 'unavailable'],
    [503, 'backendError', 'unavailable'],
    [403, 'accessDenied', 'forbidden'],
    [404, 'notFound', 'not_found'],
    [413, 'uploadTooLarge', 'too_large'],
    [400, 'invalid', 'invalid_params'],
  ])(
    'that is answered %i %s is %s, is not sent twice, and lands when it comes again',
    async (status, reason, code) => {
      const { bigquery, callsOf, warehouse, countRaw } = await arrange();
      bigquery.refuse('insertAll', { status, reason }, 1);

      await expect(warehouse.append('user', sampleChanges(2))).rejects.toMatchObject({
        code,
        data: { table: 'user_changes_raw', status, reasons: [reason] },
      });
      await warehouse.append('user', sampleChanges(2));

      expect(await countRaw()).toBe(2);
      expect(callsOf('insertAll')).toHaveLength(2);
    },
  );

  test('that finds nobody listening is to come again', async () => {
    const closed = await startBigQuery();
    const { warehouse } = await arrange(tomorrow, closed);
    await closed.close();

    await expect(warehouse.append('user', sampleChanges(1))).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('of which the second request fails has the first one landed, and is whole when it comes again', async () => {
    const { bigquery, warehouse, countRaw } = await arrange(tomorrow, await startForgetful());
    bigquery.refuse('insertAll', { status: 503, reason: 'backendError' }, 1, 1);

    await expect(warehouse.append('user', sampleChanges(600))).rejects.toMatchObject({ code: 'unavailable' });
    expect(await warehouse.progress(integration)).toEqual({ highestSequence: 500, changes: 500 });
    await warehouse.append('user', sampleChanges(600));

    expect(await warehouse.progress(integration)).toEqual({ highestSequence: 600, changes: 600 });
    expect(await countRaw()).toBe(1_100);
  });

  test('with a row that does not fit lands not at all, and names the change and the column but no value', async () => {
    const { warehouse, countRaw } = await arrange();
    const odd = sampleChange(2, { changedAt: 'Ada’s birthday' });

    const failure: unknown = await warehouse
      .append('user', [sampleChange(1), odd, sampleChange(3)])
      .catch((thrown: unknown) => thrown);

    expect(failure).toMatchObject({
      code: 'invalid_params',
      data: { changeId: odd.changeId, column: 'changed_at', reasons: ['invalid'], rows: 1 },
    });
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain('Ada');
    expect(await countRaw()).toBe(0);
  });

  test('to a table or of a column that streaming does not know yet is to come again', async () => {
    const { bigquery, warehouse } = await arrange(systemClock);
    bigquery.hideYoungTables(60_000);

    await expect(warehouse.append('user', sampleChanges(1))).rejects.toMatchObject({ code: 'unavailable' });
    bigquery.hideYoungTables(0);
    bigquery.refuse('insertAll', { status: 400, reason: 'invalid' }, 1);
    await expect(warehouse.append('user', sampleChanges(1))).rejects.toMatchObject({ code: 'unavailable' });

    await warehouse.append('user', sampleChanges(1));
    expect(await warehouse.progress(integration)).toEqual({ highestSequence: 1, changes: 1 });
  });

  test('never shows the exchange in its failure: that has the token and the records', async () => {
    const { bigquery, warehouse } = await arrange();
    bigquery.refuse('insertAll', { status: 403, reason: 'accessDenied' }, 1);

    const failure = (await warehouse
      .append('user', sampleChanges(1))
      .catch((thrown: unknown) => thrown)) as Error;

    expect(failure.cause).toBeInstanceOf(Error);
    expect(
      Object.keys(failure.cause as Error).filter((member) => member !== 'name' && member !== 'stack'),
    ).toEqual([]);
  });
});

describe('the tables in BigQuery', () => {
  /** As an older version, or somebody else, has left it. */
  async function arrangeTable(fields: readonly object[]) {
    const arranged = arrangePlace();
    const { client, place, open } = arranged;
    await client.createDataset(place.dataset);
    const [table] = await client
      .dataset(place.dataset)
      .createTable('user_changes_raw', { schema: { fields: [...fields] } });
    return { ...arranged, table, warehouse: await open(systemClock) };
  }

  const text = (name: string, mode = 'REQUIRED') => ({ name, type: 'STRING', mode });
  const older = [
    ...['change_id', 'customer_id', 'integration_id', 'vendor', 'entity_type', 'id', 'action'].map((name) =>
      text(name),
    ),
    text('our_own_note', 'NULLABLE'),
    { name: 'sequence', type: 'INTEGER', mode: 'REQUIRED' },
    { name: 'changed_at', type: 'TIMESTAMP', mode: 'NULLABLE' },
    { name: 'received_at', type: 'TIMESTAMP', mode: 'REQUIRED' },
    { name: 'before', type: 'JSON', mode: 'REQUIRED' },
    { name: 'after', type: 'JSON', mode: 'NULLABLE' },
  ];

  test('are partitioned by the day of arrival and clustered by customer, integration and record', async () => {
    const { client, place } = await arrange();

    const [metadata] = await client.dataset(place.dataset).table('user_changes_raw').getMetadata();

    expect(metadata).toMatchObject({
      timePartitioning: { type: 'DAY', field: 'received_at' },
      clustering: { fields: ['customer_id', 'integration_id', 'id'] },
    });
  });

  test('get the columns that they lack, which may then be null as others must be able to, and lose none', async () => {
    const { table, warehouse } = await arrangeTable(older);

    await warehouse.ensureTables([user]);
    await warehouse.append('user', sampleChanges(1));

    const [metadata] = await table.getMetadata();
    expect((metadata as { schema: { fields: object[] } }).schema.fields).toEqual([
      ...older.map((column) => (column.name === 'before' ? { ...column, mode: 'NULLABLE' } : column)),
      text('run_id', 'NULLABLE'),
    ]);
    expect((await warehouse.query('SELECT id, run_id FROM user_current', { maxRows: 2 })).rows).toEqual([
      { id: 'user-1', run_id: 'run-1' },
    ]);
    shared.refuse('insertAll', { status: 400, reason: 'invalid' }, 1);
    await expect(warehouse.append('user', sampleChanges(1))).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('with a column of another type are not touched', async () => {
    const { callsOf, warehouse } = await arrangeTable([{ name: 'sequence', type: 'STRING' }]);

    await expect(warehouse.ensureTables([user])).rejects.toMatchObject({
      code: 'config_invalid',
      data: {
        table: 'user_changes_raw',
        column: 'sequence',
        found: 'STRING',
        expected: 'INTEGER',
      },
    });
    expect(callsOf('tables.patch')).toEqual([]);
  });

  test('are only looked at when nothing has changed, and only the view of what has is made anew', async () => {
    const { callsOf, open } = await arrange();
    const before = callsOf('').length;
    const restarted = await open();

    await restarted.ensureTables([user]);
    expect(callsOf('').slice(before)).toEqual([
      'datasets.insert',
      'tables.get user_changes_raw',
      'tables.get user_changes',
      'tables.get user_current',
    ]);
    await restarted.ensureTables([{ ...user, fields: [...user.fields, { name: 'grade', type: 'integer' }] }]);
    expect(callsOf('tables.patch')).toEqual(['tables.patch user_current']);
  });

  test('may be made by several processes at once, and by one that is slowed down', async () => {
    const { open } = arrangePlace();
    const hurried: Clock = { ...systemClock, sleep: () => Promise.resolve() };
    shared.refuse('tables.insert', { status: 403, reason: 'rateLimitExceeded' }, 2);

    const warehouses = await Promise.all([1, 2, 3].map(() => open(hurried)));
    await Promise.all(warehouses.map((warehouse) => warehouse.ensureTables([user])));

    await warehouses[2]?.append('user', sampleChanges(1));
    expect(await warehouses[0]?.progress(integration)).toEqual({ highestSequence: 1, changes: 1 });
  });

  test('cannot be made where Terraform has made no dataset', async () => {
    const { client, place } = arrangePlace();

    await expect(ensureEntityTables(client.dataset(place.dataset), user, place, 0)).rejects.toMatchObject({
      code: 'config_invalid',
      data: { dataset: place.dataset, reasons: ['notFound'] },
    });
  });
});

describe('a query of BigQuery', () => {
  test('that takes too long is cancelled', async () => {
    const clock = createManualClock();
    const { bigquery, callsOf, warehouse } = await arrange(clock);
    bigquery.stallQueries(true);

    const asked = warehouse.query('SELECT id FROM user_current', { maxRows: 1, timeoutMs: 5_000 });
    const refused = expect(asked).rejects.toMatchObject({
      code: 'invalid_params',
      data: { timeoutMs: 5_000 },
    });
    while (callsOf('jobs.getQueryResults').length === 0) await systemClock.sleep(1);
    await clock.advance(5_000);

    await refused;
    while (callsOf('jobs.cancel').length === 0) await systemClock.sleep(1);
    bigquery.stallQueries(false);
  });

  test('answers integers beyond 2^53 as text, reads page by page, and says what is wrong with it', async () => {
    const { warehouse } = await arrange();
    await warehouse.append('user', sampleChanges(1_100));

    const { rows, columns } = await warehouse.query(
      'SELECT 9007199254740993 AS big, -9007199254740991 AS small, 1.5 AS half, count(*) FROM user_current',
      { maxRows: 1 },
    );
    const pages = await warehouse.query('SELECT id FROM user_current', { maxRows: 1_050 });

    expect(rows).toEqual([{ big: '9007199254740993', small: -9007199254740991, half: 1.5, f0_: 1_100 }]);
    expect(columns.map(({ type }) => type)).toEqual(['INTEGER', 'INTEGER', 'FLOAT', 'INTEGER']);
    expect([pages.rows.length, pages.truncated]).toEqual([1_050, true]);
    await expect(warehouse.query('SELECT nobody FROM user_current', { maxRows: 1 })).rejects.toMatchObject({
      code: 'invalid_params',
      data: { reason: expect.stringContaining('nobody') },
    });
  });

  test.each([
    ['rateLimitExceeded', 403, 'unavailable'],
    ['accessDenied', 403, 'forbidden'],
    ['bytesBilledLimitExceeded', 400, 'invalid_params'],
  ])('that is refused for %s, with %i, is %s', async (reason, status, code) => {
    const { bigquery, warehouse } = await arrange();
    bigquery.refuse('jobs.getQueryResults', { status, reason }, 1);

    await expect(warehouse.query('SELECT 1 AS one', { maxRows: 1 })).rejects.toMatchObject({ code });
    expect((await warehouse.query('SELECT 1 AS one', { maxRows: 1 })).rows).toEqual([{ one: 1 }]);
  });
});
