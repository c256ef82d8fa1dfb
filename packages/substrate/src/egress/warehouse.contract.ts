import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../clock/clock.system.ts';
import type { Change } from './change.ts';
import { sampleChange, sampleChanges } from './sample-changes.fixture.ts';
import { type CreateWarehouse, openWarehouseSeat, userFields } from './warehouse-seat.contract.ts';

/** What every adapter of the warehouse must do. The queries keep to what BigQuery and DuckDB both understand. */
export function testWarehouse(name: string, createAdapter: CreateWarehouse): void {
  describe(`warehouse: ${name}`, () => {
    const { arrange } = openWarehouseSeat(createAdapter);

    test('a change lands with every column as it was committed', async () => {
      const { append, select, customerId } = await arrange();
      const change = sampleChange(1, {
        action: 'update',
        before: { givenName: 'A' },
        after: { givenName: 'Ada' },
        changedAt: '2026-03-01T23:59:59.123Z',
      });

      await append([change]);

      const [row] = await select('SELECT * FROM user_changes WHERE customer_id = @customer');
      expect(row).toMatchObject({
        change_id: `${customerId}-${change.changeId}`,
        customer_id: customerId,
        integration_id: 'integration-1',
        vendor: 'oneroster',
        entity_type: 'user',
        id: 'user-1',
        sequence: 1,
        action: 'update',
        run_id: 'run-1',
        changed_at: '2026-03-01T23:59:59.123Z',
        before: { givenName: 'A' },
        after: { givenName: 'Ada' },
      });
      expect(Math.abs(Date.parse(row?.['received_at'] as string) - systemClock.now())).toBeLessThan(60_000);
    });

    test('the same change any number of times, in one append or in several, is one row in the views', async () => {
      const { append, select, warehouse, customerId } = await arrange();
      const changes = sampleChanges(20);

      await append([...changes, ...changes.slice(5)]);
      await append(changes.slice(0, 10));
      await append(changes.toReversed());

      expect(
        await select(
          'SELECT count(*) AS n, count(DISTINCT change_id) AS d FROM user_changes WHERE customer_id = @customer',
        ),
      ).toEqual([{ n: 20, d: 20 }]);
      expect(await select('SELECT count(*) AS n FROM user_current WHERE customer_id = @customer')).toEqual([
        { n: 20 },
      ]);
      expect(await warehouse.progress({ customerId, integrationId: 'integration-1' })).toEqual({
        highestSequence: 20,
        changes: 20,
      });
    });

    test('the latest state wins in whatever order changes arrive', async () => {
      const { append, current } = await arrange();
      const history = [
        sampleChange(1, { recordId: 'r', after: { givenName: 'one' } }),
        sampleChange(2, {
          recordId: 'r',
          action: 'update',
          before: { givenName: 'one' },
          after: { givenName: 'two' },
        }),
        sampleChange(3, {
          recordId: 'r',
          action: 'update',
          before: { givenName: 'two' },
          after: { givenName: 'three' },
        }),
      ];

      for (const change of [history[2], history[0], history[1]])
        if (change !== undefined) await append([change]);

      expect(await current('given_name, sequence')).toEqual([{ given_name: 'three', sequence: 3 }]);
    });

    test('a deleted record is gone, also when an older change of it arrives afterwards, until it is created again', async () => {
      const { append, current } = await arrange();
      const created = sampleChange(1, { recordId: 'r', after: { givenName: 'one' } });
      const deleted = sampleChange(2, {
        recordId: 'r',
        action: 'delete',
        before: { givenName: 'one' },
        after: null,
      });
      const recreated = sampleChange(3, { recordId: 'r', after: { givenName: 'again' } });

      await append([deleted]);
      await append([created]);
      expect(await current('id')).toEqual([]);

      await append([recreated]);
      await append([deleted]);
      expect(await current('given_name')).toEqual([{ given_name: 'again' }]);
    });

    test('whatever history is delivered in pieces, repeated and out of order, the views are what the store has', async () => {
      const history = fc.array(
        fc.record({
          integrationId: fc.constantFrom('i1', 'i2'),
          recordId: fc.constantFrom('a', 'b', 'c'),
          note: fc.option(fc.string({ unit: 'grapheme', maxLength: 6 }), { nil: null, freq: 3 }),
        }),
        { minLength: 1, maxLength: 30 },
      );
      // Which change each delivery takes, by its place; what is left over comes at the end.
      const deliveries = fc.array(fc.array(fc.nat(29), { minLength: 1, maxLength: 8 }), { maxLength: 8 });

      await fc.assert(
        fc.asyncProperty(history, deliveries, async (edits, pieces) => {
          const { append, select, customerId } = await arrange();
          const { changes, records } = commitAll(edits);

          for (const piece of pieces)
            await append(piece.flatMap((place) => changes[place % changes.length] ?? []));
          await append(changes.toReversed());

          const where = 'WHERE customer_id = @customer';
          const current = await select(`SELECT integration_id, id, given_name FROM user_current ${where}`);
          expect(
            new Map(
              current.map((row) => [JSON.stringify([row['integration_id'], row['id']]), row['given_name']]),
            ),
          ).toEqual(records);
          expect(current).toHaveLength(records.size);
          expect(await select(`SELECT change_id FROM user_changes ${where} ORDER BY 1`)).toEqual(
            changes.map(({ changeId }) => ({ change_id: `${customerId}-${changeId}` })).toSorted(byChangeId),
          );
        }),
        { numRuns: 15, endOnFailure: true },
      );
    });

    test('changes of one id in two integrations or of two customers are different changes', async () => {
      const { warehouse, customerId, select } = await arrange();
      const change = sampleChange(1, { customerId, changeId: `one-${customerId}` });
      const others = [{ integrationId: 'integration-2' }, { customerId: `${customerId}-2` }];

      await warehouse.append('user', [change, ...others.map((other) => ({ ...change, ...other }))]);

      expect(
        await select(`SELECT count(*) AS n FROM user_changes WHERE change_id = 'one-${customerId}'`),
      ).toEqual([{ n: 3 }]);
    });

    test('records with one id in two integrations or of two customers are different records', async () => {
      const { append, select } = await arrange();
      const other = await arrange();

      await append([
        sampleChange(1, { recordId: 'r' }),
        sampleChange(1, { recordId: 'r', integrationId: 'integration-2' }),
      ]);
      await other.append([sampleChange(1, { recordId: 'r', action: 'delete', before: {}, after: null })]);

      expect(
        await select('SELECT integration_id FROM user_current WHERE customer_id = @customer ORDER BY 1'),
      ).toEqual([{ integration_id: 'integration-1' }, { integration_id: 'integration-2' }]);
    });

    test('10,000 rows in one append are all there', async () => {
      const { append, select } = await arrange();

      await append(sampleChanges(10_000));

      expect(
        await select(
          'SELECT count(*) AS n, max(sequence) AS m FROM user_current WHERE customer_id = @customer',
        ),
      ).toEqual([{ n: 10_000, m: 10_000 }]);
    });

    test('appends at the same time all land', async () => {
      const { append, warehouse, customerId } = await arrange();
      const changes = sampleChanges(100);

      await Promise.all(
        Array.from({ length: 10 }, (_, index) => append(changes.slice(index * 10, index * 10 + 10))),
      );

      expect(await warehouse.progress({ customerId, integrationId: 'integration-1' })).toEqual({
        highestSequence: 100,
        changes: 100,
      });
    });

    test('progress shows that a change is missing, and is zero for what never landed', async () => {
      const { append, warehouse, customerId } = await arrange();

      await append([sampleChange(1), sampleChange(3)]);

      expect(await warehouse.progress({ customerId, integrationId: 'integration-1' })).toEqual({
        highestSequence: 3,
        changes: 2,
      });
      expect(await warehouse.progress({ customerId, integrationId: `' OR true --` })).toEqual({
        highestSequence: 0,
        changes: 0,
      });
    });

    test('a field that appears later has its column, filled for rows that had landed before', async () => {
      const { append, current, warehouse } = await arrange();
      await append([sampleChange(1, { after: { givenName: 'Ada', shoeSize: 38 } })]);

      await warehouse.ensureTables([
        { entityType: 'user', fields: [...userFields, { name: 'shoeSize', type: 'integer' }] },
      ]);

      expect(await current('given_name, shoe_size')).toEqual([{ given_name: 'Ada', shoe_size: 38 }]);
    });

    test('entity types of two words have names of two words', async () => {
      const { append, select } = await arrange([{ name: 'resultValueMax', type: 'number' }], 'lineItem');

      await append([sampleChange(1, { after: { resultValueMax: 10 } })]);

      expect(
        await select('SELECT result_value_max FROM line_item_current WHERE customer_id = @customer'),
      ).toEqual([{ result_value_max: 10 }]);
      expect(await select('SELECT id FROM line_item_changes WHERE customer_id = @customer')).toEqual([
        { id: 'user-1' },
      ]);
    });

    test('an entity type without a table and a change of another entity type are refused, and nothing lands', async () => {
      const { warehouse, customerId } = await arrange();

      await expect(warehouse.append('unheardOf', [sampleChange(1)])).rejects.toMatchObject({
        code: 'not_found',
        data: { entityType: 'unheardOf' },
      });
      const mixed = [sampleChange(1, { customerId }), sampleChange(2, { customerId, entityType: 'org' })];
      await expect(warehouse.append('user', mixed)).rejects.toMatchObject({ code: 'invalid_params' });
      expect(await warehouse.progress({ customerId, integrationId: 'integration-1' })).toMatchObject({
        changes: 0,
      });
    });

    test('a query yields no more rows than asked for, and says so', async () => {
      const { append, warehouse, customerId } = await arrange();
      await append(sampleChanges(5_000));
      const sql = `SELECT id FROM user_changes WHERE customer_id = '${customerId}'`;

      const capped = await warehouse.query(sql, { maxRows: 100 });
      const whole = await warehouse.query(sql, { maxRows: 5_000 });

      expect([capped.rows.length, capped.truncated]).toEqual([100, true]);
      expect([whole.rows.length, whole.truncated]).toEqual([5_000, false]);
      expect(capped.columns.map((column) => column.name)).toEqual(['id']);
    });

    test.each([
      ['an insert', 'INSERT INTO user_changes_raw (id) VALUES (1)'],
      ['an update', 'UPDATE user_changes_raw SET id = 1'],
      ['a delete', 'DELETE FROM user_changes_raw WHERE true'],
      ['a drop', 'DROP TABLE user_changes_raw'],
      ['a new view', 'CREATE OR REPLACE VIEW user_current AS SELECT 1 AS id'],
      ['two statements', 'SELECT 1; SELECT 2'],
      ['a select, then a drop', 'SELECT 1; DROP TABLE user_changes_raw'],
      ['nothing', ''],
      ['semicolons', ' ; ;'],
      ['wrong SQL', 'SELECT FROM WHERE'],
      ['an unknown table', 'SELECT * FROM nowhere'],
    ])('%s is refused', async (_name, sql) => {
      const { warehouse, append, current } = await arrange();
      await append([sampleChange(1)]);

      await expect(warehouse.query(sql, { maxRows: 10 })).rejects.toMatchObject({ code: 'invalid_params' });
      expect(await current('id')).toEqual([{ id: 'user-1' }]);
    });
  });
}

interface Edit {
  readonly integrationId: string;
  readonly recordId: string;
  /** Null deletes. */
  readonly note: string | null;
}

/** A history as the store commits it, and what is left of it, by integration and record: the reference. */
function commitAll(edits: readonly Edit[]) {
  const records = new Map<string, string>();
  const sequences = new Map<string, number>();
  const changes: Change[] = [];
  for (const { integrationId, recordId, note } of edits) {
    const key = JSON.stringify([integrationId, recordId]);
    const before = records.get(key);
    if (before === undefined && note === null) continue;
    const sequence = (sequences.get(integrationId) ?? 0) + 1;
    sequences.set(integrationId, sequence);
    changes.push(
      sampleChange(sequence, {
        integrationId,
        recordId,
        action: before === undefined ? 'create' : note === null ? 'delete' : 'update',
        before: before === undefined ? null : { givenName: before },
        after: note === null ? null : { givenName: note },
      }),
    );
    if (note === null) records.delete(key);
    else records.set(key, note);
  }
  return { changes, records };
}

function byChangeId(a: { readonly change_id: string }, b: { readonly change_id: string }): number {
  return a.change_id < b.change_id ? -1 : 1;
}
