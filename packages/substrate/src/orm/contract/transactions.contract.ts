import { describe, expect, test } from 'vitest';
import { Failure } from '../../failure/failure.ts';
import { commitTime } from '../columns.ts';
import { deleteRow, insertRow, updateRow, upsertRow } from '../mutation.ts';
import { type CreateContractDatabase, withDatabase } from './contract-database.ts';
import { events, rooms, schools, teachers, visits } from './fixture-tables.ts';

const oak = { district: 'd', school: 's1', name: 'Oak', opened: null };
const key = { district: 'd', school: 's1' };
const teacher = { district: 'd', teacher: 't', lessons: 0 };

export function describeTransactions(create: CreateContractDatabase): void {
  describe('transactions', () => {
    test('all mutations are applied, or none', () =>
      withDatabase(create, async (database) => {
        const failed = database.transaction(async (transaction) => {
          transaction.insert(schools, oak);
          transaction.update(schools, { district: 'd', school: 'none', name: 'x' });
        });

        await expect(failed).rejects.toMatchObject({ code: 'not_found' });
        expect(await database.scan(schools)).toEqual([]);
      }));

    test('what the body throws rolls back and is thrown on', () =>
      withDatabase(create, async (database) => {
        const failed = database.transaction(async (transaction) => {
          transaction.insert(schools, oak);
          await transaction.execute((q) => q.insertInto('visits').values({ visit: 'v' }));
          throw new Failure('forbidden', 'no');
        });

        await expect(failed).rejects.toMatchObject({ code: 'forbidden' });
        expect(await database.scan(schools)).toEqual([]);
        expect(await database.scan(visits)).toEqual([]);
      }));

    test('buffered mutations are not seen by reads of the same transaction', () =>
      withDatabase(create, async (database) => {
        const seen = await database.transaction(async (transaction) => {
          transaction.insert(schools, oak);
          return [await transaction.get(schools, key), await transaction.scan(schools)];
        });

        expect(seen).toEqual([undefined, []]);
        expect(await database.get(schools, key)).toEqual(oak);
      }));

    test('mutations are applied in the order given', () =>
      withDatabase(create, async (database) => {
        await database.transaction(async (transaction) => {
          transaction.insert(schools, oak);
          transaction.delete(schools, key);
          transaction.insert(schools, { ...oak, name: 'Elm', opened: '2000-01-01' });
          transaction.update(schools, { ...key, name: 'Ash' });
        });

        expect(await database.get(schools, key)).toEqual({ ...oak, name: 'Ash', opened: '2000-01-01' });
      }));

    test('an upsert changes the given columns and keeps the others', () =>
      withDatabase(create, async (database) => {
        await database.transaction(async (transaction) =>
          transaction.upsert(schools, { ...oak, opened: '2000-01-01' }),
        );
        await database.transaction(async (transaction) =>
          transaction.upsert(schools, { ...key, name: 'Ash' }),
        );

        expect(await database.get(schools, key)).toEqual({ ...oak, name: 'Ash', opened: '2000-01-01' });
      }));

    test('a second row with the same key or unique value is already_exists', () =>
      withDatabase(create, async (database) => {
        const insert = (name: string, email: string | null) =>
          database.transaction(async (transaction) =>
            transaction.insert(teachers, { ...teacher, teacher: name, email, changedAt: commitTime }),
          );
        await insert('t1', 'a@x');

        await expect(insert('t1', 'b@x')).rejects.toMatchObject({ code: 'already_exists' });
        await expect(insert('t2', 'a@x')).rejects.toMatchObject({ code: 'already_exists' });
        await expect(
          database.transaction((transaction) =>
            transaction.execute((q) =>
              q.insertInto('teachers').values({ ...teacher, teacher: 't1', changedAt: commitTime }),
            ),
          ),
        ).rejects.toMatchObject({ code: 'already_exists' });
        await insert('t3', null);
        await insert('t4', null);
        expect(await database.scan(teachers)).toHaveLength(3);
      }));

    test('the update of a missing row is not_found, also when nothing is to be changed', () =>
      withDatabase(create, async (database) => {
        await expect(
          database.transaction(async (transaction) => transaction.update(schools, { ...key, name: 'x' })),
        ).rejects.toMatchObject({ code: 'not_found' });
        await expect(
          database.transaction(async (transaction) => transaction.update(schools, key)),
        ).rejects.toMatchObject({ code: 'not_found' });
        await database.transaction(async (transaction) => transaction.insert(schools, oak));
        await database.transaction(async (transaction) => transaction.update(schools, key));
        expect(await database.get(schools, key)).toEqual(oak);
      }));

    test('the deletion of a missing row is no fault, a range deletes what begins with the prefix', () =>
      withDatabase(create, async (database) => {
        await database.transaction(async (transaction) => {
          transaction.delete(schools, key);
          transaction.insert(
            schools,
            ['s1', 's2', 's3'].flatMap((school) =>
              ['d', 'e'].map((district) => ({ ...oak, district, school })),
            ),
          );
        });
        await database.transaction(async (transaction) =>
          transaction.deleteRange(schools, { district: 'd' }),
        );
        await database.transaction(async (transaction) =>
          transaction.deleteRange(schools, { district: 'e', school: 's2' }),
        );

        expect((await database.scan(schools)).map((row) => row.district + row.school)).toEqual([
          'es1',
          'es3',
        ]);
        await expect(
          database.transaction(async (transaction) => transaction.deleteRange(schools, {})),
        ).rejects.toMatchObject({ code: 'invalid_params' });
      }));

    test('a row needs its parent, and goes with it where told so', () =>
      withDatabase(create, async (database) => {
        const event = { ...key, sequence: 1, kind: 'a', at: '2026-01-01T00:00:00Z' };
        await expect(
          database.transaction(async (transaction) => transaction.insert(events, event)),
        ).rejects.toMatchObject({ code: 'not_found' });

        await database.transaction(async (transaction) => {
          transaction.insert(schools, [oak, { ...oak, school: 's2' }]);
          transaction.insert(events, event);
          transaction.insert(rooms, { district: 'd', school: 's2', room: 'r' });
        });
        await database.transaction(async (transaction) => transaction.delete(schools, key));
        const refused = database.transaction(async (transaction) =>
          transaction.delete(schools, { district: 'd', school: 's2' }),
        );

        await expect(refused).rejects.toMatchObject({ code: 'invalid_params' });
        expect(await database.scan(events)).toEqual([]);
        expect(await database.scan(rooms)).toHaveLength(1);
      }));

    test('an abort at the commit runs the body again and changes nothing twice', () => {
      let commits = 0;
      const faults = {
        beforeCommit: () => {
          commits += 1;
          if (commits % 3 !== 0) throw new Failure('aborted', 'injected');
        },
      };
      return withDatabase(
        create,
        async (database) => {
          commits = 2;
          await database.transaction(async (transaction) =>
            transaction.insert(teachers, { ...teacher, changedAt: commitTime }),
          );
          let bodies = 0;
          await database.transaction(async (transaction) => {
            bodies += 1;
            const row = await transaction.get(teachers, { district: 'd', teacher: 't' });
            transaction.update(teachers, { district: 'd', teacher: 't', lessons: (row?.lessons ?? 0) + 1 });
          });
          const dml = await database.transaction(async (transaction) => {
            bodies += 1;
            return transaction.execute((q) =>
              q
                .updateTable('teachers')
                .set((eb) => ({ lessons: eb('lessons', '+', 1) }))
                .where('teacher', '=', 't')
                .returning('lessons'),
            );
          });
          const written = await database.write([upsertRow(schools, oak)]);

          expect(bodies).toBe(6);
          expect(dml).toEqual([{ lessons: 2 }]);
          expect(written).toEqual({ commits: 1, rows: 1 });
          expect(await database.scan(schools)).toHaveLength(1);
          expect((await database.get(teachers, { district: 'd', teacher: 't' }))?.lessons).toBe(2);
        },
        { faults },
      );
    });

    test('every commit is told of once it has taken effect', () => {
      const told: number[] = [];
      const faults = { afterCommit: () => void told.push(told.length) };
      return withDatabase(
        create,
        async (database) => {
          told.length = 0;
          await database.transaction(async (transaction) => transaction.insert(schools, oak));
          await database.write(
            Array.from({ length: 251 }, (_, row) => upsertRow(schools, { ...oak, school: `s${row}` })),
          );

          expect(told).toEqual([0, 1, 2]);
        },
        { faults },
      );
    });

    test('a mutation that comes after the body has ended is refused instead of lost', () =>
      withDatabase(create, async (database) => {
        const late = await database.transaction(async (transaction) => {
          await transaction.get(schools, key);
          return {
            insert: () => transaction.insert(schools, oak),
            read: async () => transaction.get(schools, key),
          };
        });

        expect(late.insert).toThrow(expect.objectContaining({ code: 'internal' }));
        await expect(late.read()).rejects.toMatchObject({ name: 'Failure' });
      }));

    test('concurrent increments are never lost, from two openings of one database', () =>
      withDatabase(create, async (database, contract) => {
        const other = await contract.open();
        await database.transaction(async (transaction) =>
          transaction.insert(teachers, { ...teacher, changedAt: commitTime }),
        );
        const increment = (through: typeof database) =>
          through.transaction(async (transaction) => {
            const row = await transaction.get(teachers, { district: 'd', teacher: 't' });
            await new Promise((resolve) => setImmediate(resolve));
            transaction.update(teachers, {
              district: 'd',
              teacher: 't',
              lessons: (row?.lessons ?? 0) + 1,
              changedAt: commitTime,
            });
          });

        await Promise.all(
          Array.from({ length: 20 }, (_, number) => increment(number % 2 === 0 ? database : other)),
        );

        expect((await other.get(teachers, { district: 'd', teacher: 't' }))?.lessons).toBe(20);
        await other.close();
      }));

    test('reads outside a transaction do not wait for it, and see what is committed', () =>
      withDatabase(create, async (database) => {
        const inside = await database.transaction(async (transaction) => {
          await transaction.execute((q) => q.insertInto('schools').values(oak));
          return { own: await transaction.get(schools, key) };
        });

        expect(inside.own).toEqual(oak);
        expect(await database.get(schools, key)).toEqual(oak);
      }));

    test('a transaction within the body of another is refused instead of waiting for ever', () =>
      withDatabase(create, async (database) => {
        const nested = database.transaction(() => database.transaction(async () => 1));

        await expect(nested).rejects.toMatchObject({ code: 'internal' });
        expect(await database.transaction(async () => 2)).toBe(2);
        const left = await database.transaction(async () => ({
          behind: new Promise((resolve) => setImmediate(() => setImmediate(resolve))).then(() =>
            database.transaction(async () => 3),
          ),
        }));
        expect(await left.behind).toBe(3);
      }));

    test('a read at a bound gives what was there then, or what is there now', () =>
      withDatabase(create, async (database) => {
        await database.transaction(async (transaction) => transaction.insert(schools, oak));

        expect(await database.at('strong').get(schools, key)).toEqual(oak);
        expect(await database.at({ exactStalenessMs: 1 }).scan(schools)).toEqual(
          await database.scan(schools),
        );
      }));
  });

  describe('bulk writes', () => {
    test('hundreds of rows are written in commits of at most 250', () =>
      withDatabase(create, async (database) => {
        const rows = Array.from({ length: 601 }, (_, number) => ({ ...oak, school: `s${number}` }));

        const first = await database.write(rows.map((row) => insertRow(schools, row)));
        const second = await database.write(
          (async function* () {
            for (const row of rows)
              yield number(row.school) % 2 === 0
                ? deleteRow(schools, row)
                : updateRow(schools, { ...row, name: 'new' });
          })(),
        );

        expect(first).toEqual({ commits: 3, rows: 601 });
        expect(second).toEqual({ commits: 3, rows: 601 });
        const left = await database.scan(schools);
        expect(left).toHaveLength(300);
        expect(new Set(left.map((row) => row.name))).toEqual(new Set(['new']));
      }));

    test('a stopped write says so, and what it wrote before stays', () =>
      withDatabase(create, async (database) => {
        const stop = new AbortController();
        const rows = function* () {
          for (let row = 0; row < 1000; row++) {
            if (row === 600) stop.abort(new Failure('unavailable', 'stopped'));
            yield upsertRow(schools, { ...oak, school: `s${row}` });
          }
        };

        await expect(database.write(rows(), { signal: stop.signal })).rejects.toMatchObject({
          code: 'unavailable',
        });
        expect(await database.scan(schools)).toHaveLength(500);
      }));

    test('expired rows are deleted, those without a time stay', () =>
      withDatabase(create, async (database) => {
        const now = Date.UTC(2026, 5, 10);
        const day = 86_400_000;
        await database.write([
          upsertRow(visits, { visit: 'old', expiresAt: new Date(now - 2 * day).toISOString() }),
          upsertRow(visits, { visit: 'due', expiresAt: new Date(now - day).toISOString() }),
          upsertRow(visits, { visit: 'young', expiresAt: new Date(now - day + 1).toISOString() }),
          upsertRow(visits, { visit: 'for ever', expiresAt: null }),
        ]);

        expect(await database.deleteExpired(now)).toBe(2);
        expect((await database.scan(visits)).map((row) => row.visit)).toEqual(['for ever', 'young']);
      }));
  });
}

function number(school: string): number {
  return Number(school.slice(1));
}
