import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../json/canonical-json.ts';
import { commitTime } from '../columns.ts';
import { compareInstants, toShortInstant } from '../instant.ts';
import type { InsertOf } from '../table.ts';
import { type CreateContractDatabase, withDatabase } from './contract-database.ts';
import { kinds } from './fixture-tables.ts';

type Kinds = InsertOf<typeof kinds>;
type Values = Omit<Kinds, 'id'>;

const faithful: readonly [string, Values][] = [
  ['digits with leading zeros stay text', { text: '007', short: '1e5' }],
  ['an empty string is not null', { text: '' }],
  ['quotes, backslashes, line breaks and a zero character', { text: `'"\`\\ \n\r\t\u0000 end` }],
  [
    'astral characters, combining marks and a byte order mark',
    { text: '\uFEFF😀é\u0301 \u202E', short: '😀😀😀😀😀' },
  ],
  [
    'text that looks like SQL, an instant or a parameter',
    { text: `2026-01-01T00:00:00Z @p1 ? :x $1 '; DROP TABLE kinds; --` },
  ],
  ['whole numbers up to 2^53', { whole: Number.MAX_SAFE_INTEGER, wholes: [Number.MIN_SAFE_INTEGER, 0, 1] }],
  ['whole numbers of 64 bits', { big: 2n ** 63n - 1n, bigs: [-(2n ** 63n), 2n ** 53n + 1n, 0n] }],
  ['doubles, whole ones among them', { real: 1, reals: [0.1, -1.5e300, 5e-324, 3, 0] }],
  ['booleans', { flag: false, flags: [true, false] }],
  ['bytes', { raw: new Uint8Array([0, 255, 128, 10]), raws: [new Uint8Array(), new Uint8Array([1])] }],
  [
    'nanoseconds',
    {
      instant: '2026-11-21T01:02:03.123456789Z',
      instants: ['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999999999Z'],
    },
  ],
  [
    'milliseconds, as Date writes them',
    { instant: '2026-11-21T01:02:03.000Z', instants: ['2026-11-21T01:02:03.100Z'] },
  ],
  ['days', { day: '2024-02-29', days: ['0001-01-01', '9999-12-31'] }],
  ['nested JSON', { document: { a: [1, { b: null }, 'x', [], {}], c: { d: { e: [true, false] } } } }],
  ['JSON scalars and lists', { document: ['a', 1, 1.5, null, true] }],
  ['a JSON string', { document: '007' }],
  ['JSON numbers', { document: [1e21, 1e-7, 9007199254740991, -0.5, 123456789.123] }],
  [
    'empty lists',
    { texts: [], wholes: [], bigs: [], reals: [], flags: [], raws: [], instants: [], days: [] },
  ],
  ['lists of hostile text', { texts: ['', 'a,b', '"', '\u0000', '😀', 'null'] }],
  [
    'nulls given',
    {
      text: null,
      whole: null,
      big: null,
      real: null,
      flag: null,
      raw: null,
      instant: null,
      day: null,
      document: null,
      texts: null,
      wholes: null,
    },
  ],
  ['nulls left out', {}],
];

const refused: readonly [string, Record<string, unknown>, string][] = [
  ['a number beyond 2^53', { whole: 2 ** 53 }, 'invalid_params'],
  ['a fraction in a whole column', { whole: 1.5 }, 'invalid_params'],
  ['a bigint beyond 64 bits', { big: 2n ** 63n }, 'invalid_params'],
  ['NaN', { real: Number.NaN }, 'invalid_params'],
  ['infinity', { real: Number.POSITIVE_INFINITY }, 'invalid_params'],
  ['a number in a string column', { text: 7 }, 'invalid_params'],
  ['a lone surrogate', { text: '\ud800' }, 'invalid_params'],
  ['six characters in a column of five', { short: 'sixsix' }, 'too_large'],
  ['a day that does not exist', { day: '2026-02-29' }, 'invalid_params'],
  ['an instant that does not exist', { instant: '2026-02-30T00:00:00Z' }, 'invalid_params'],
  ['an instant without a zone', { instant: '2026-02-03T00:00:00' }, 'invalid_params'],
  ['JSON with undefined in it', { document: { a: undefined } }, 'invalid_params'],
  ['null in a list', { texts: [null] }, 'invalid_params'],
  ['an unknown column', { nonsense: 1 }, 'invalid_params'],
];

export function describeValues(create: CreateContractDatabase): void {
  describe('values', () => {
    test('every kind of column gives back what was written', () =>
      withDatabase(create, async (database) => {
        for (const [name, values] of faithful) {
          await database.transaction(async (transaction) =>
            transaction.upsert(kinds, { id: name.slice(0, 36), ...values }),
          );

          const row = await database.get(kinds, { id: name.slice(0, 36) });

          expect(row, name).toEqual({ ...emptyKinds, id: name.slice(0, 36), ...values });
        }
      }));

    test('any offset and number of decimals is taken, and UTC is given back', () =>
      withDatabase(create, async (database) => {
        await database.transaction(async (transaction) =>
          transaction.insert(kinds, {
            id: 'x',
            instant: '2026-01-01T01:30:00.12+02:00',
            instants: ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.1234567Z'],
          }),
        );

        expect(await database.get(kinds, { id: 'x' }, { columns: ['instant', 'instants'] })).toEqual({
          instant: '2025-12-31T23:30:00.120Z',
          instants: ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.123456700Z'],
        });
      }));

    test('JSON members come back in sorted order', () =>
      withDatabase(create, async (database) => {
        await database.transaction(async (transaction) =>
          transaction.insert(kinds, { id: 'x', document: { b: 1, aa: { z: 1, y: 2 }, a: 2 } }),
        );

        const row = await database.get(kinds, { id: 'x' });

        expect(JSON.stringify(row?.document)).toBe('{"a":2,"aa":{"y":2,"z":1},"b":1}');
      }));

    test('what does not fit its column is refused before anything is written', () =>
      withDatabase(create, async (database) => {
        for (const [name, values, code] of refused) {
          const written = database.transaction(async (transaction) =>
            transaction.insert(kinds, { id: 'x', ...(values as Values) }),
          );

          await expect(written, name).rejects.toMatchObject({ code });
        }
        expect(await database.scan(kinds)).toEqual([]);
      }));

    test('what is buffered is what was given, whatever its owner does to it later', () =>
      withDatabase(create, async (database) => {
        const raw = Buffer.from([1, 2, 3]);
        const document = { a: [1] };
        await database.transaction(async (transaction) => {
          transaction.insert(kinds, { id: 'x', raw, document });
          raw[0] = 9;
          document.a.push(2);
        });

        expect(await database.get(kinds, { id: 'x' }, { columns: ['raw', 'document'] })).toEqual({
          raw: new Uint8Array([1, 2, 3]),
          document: { a: [1] },
        });
      }));

    test('a missing value for a column that is not nullable is refused by name', () =>
      withDatabase(create, async (database) => {
        const written = database.transaction(async (transaction) => transaction.insert(kinds, {} as Kinds));

        await expect(written).rejects.toMatchObject({
          code: 'invalid_params',
          data: { problem: "the row lacks 'id'" },
        });
      }));

    test('the time of the commit grows from commit to commit and is the same within one', () =>
      withDatabase(create, async (database) => {
        for (const id of ['a', 'b', 'c']) {
          await database.transaction(async (transaction) =>
            transaction.insert(kinds, [
              { id, committed: commitTime },
              { id: `${id}2`, committed: commitTime },
            ]),
          );
        }

        const times = (await database.scan(kinds)).map((row) => row.committed ?? '');

        expect(times).toHaveLength(6);
        expect(times[0]).toBe(times[1]);
        expect(times[2]).toBe(times[3]);
        expect([...new Set(times)]).toHaveLength(3);
        expect(times.toSorted(compareInstants)).toEqual(times);
      }));

    test('any row that fits is read back as it was written', () =>
      withDatabase(create, async (database) => {
        await fc.assert(
          fc.asyncProperty(fc.array(anyValues, { minLength: 1, maxLength: 20 }), async (rows) => {
            const numbered = rows.map((values, number) => ({
              ...values,
              id: String(number).padStart(3, '0'),
            }));
            await database.transaction(async (transaction) => {
              for (const row of await transaction.scan(kinds)) transaction.delete(kinds, { id: row.id });
              transaction.insert(kinds, numbered);
            });

            const read = await database.scan(kinds);

            expect(read).toEqual(
              numbered.map((row) => ({ ...emptyKinds, ...row, document: sortMembers(row.document) })),
            );
          }),
          { numRuns: 25 },
        );
      }));
  });
}

const emptyKinds = Object.fromEntries(Object.keys(kinds.columns).map((name) => [name, null]));

const anyText = fc.string({ unit: 'binary', maxLength: 30 });
const anyWhole = fc.maxSafeInteger();
const anyReal = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const anyBytes = fc.uint8Array({ maxLength: 20 }).map((bytes) => new Uint8Array(bytes));
const anyBig = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const anyDate = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59Z'),
  noInvalidDate: true,
});
const anyInstant = fc
  .tuple(anyDate, fc.integer({ min: 0, max: 999_999 }))
  .map(([at, nanos]) => toShortInstant(`${at.toISOString().slice(0, -1)}${String(nanos).padStart(6, '0')}Z`));
const anyDay = anyDate.map((at) => at.toISOString().slice(0, 10));
const anyJson = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);

const anyValues: fc.Arbitrary<Values> = fc.record(
  {
    text: fc.option(anyText),
    whole: fc.option(anyWhole),
    big: fc.option(anyBig),
    real: fc.option(anyReal),
    flag: fc.option(fc.boolean()),
    raw: fc.option(anyBytes),
    instant: fc.option(anyInstant),
    day: fc.option(anyDay),
    document: fc.option(anyJson),
    texts: fc.option(fc.array(anyText, { maxLength: 4 })),
    wholes: fc.option(fc.array(anyWhole, { maxLength: 4 })),
    bigs: fc.option(fc.array(anyBig, { maxLength: 4 })),
    reals: fc.option(fc.array(anyReal, { maxLength: 4 })),
    flags: fc.option(fc.array(fc.boolean(), { maxLength: 4 })),
    raws: fc.option(fc.array(anyBytes, { maxLength: 4 })),
    instants: fc.option(fc.array(anyInstant, { maxLength: 4 })),
    days: fc.option(fc.array(anyDay, { maxLength: 4 })),
  },
  { requiredKeys: [] },
);

function sortMembers(value: unknown): unknown {
  return value === undefined || value === null ? null : JSON.parse(canonicalJson(value));
}
