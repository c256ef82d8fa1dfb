import { describe, expect, test } from 'vitest';
import {
  arrayOf,
  bool,
  bytes,
  commitTimestamp,
  date,
  encrypted,
  float64,
  int64,
  json,
  string,
  timestamp,
} from './columns.ts';
import { spannerTableDdl, sqliteTableDdl } from './ddl.ts';
import { defineTable } from './table.ts';

const parent = defineTable('parent', { columns: { a: string(64) }, primaryKey: ['a'] });
const table = defineTable('everything', {
  columns: {
    a: string(64),
    n: int64(),
    text: string('max').nullable(),
    real: float64(),
    flag: bool(),
    raw: bytes(16),
    at: timestamp().nullable(),
    committed: commitTimestamp(),
    day: date(),
    document: json<unknown>(),
    list: arrayOf(int64()),
    secret: encrypted(string('max'), { boundTo: ['a'] }),
  },
  primaryKey: ['a', { column: 'n', descending: true }],
  interleaveIn: { parent, onDelete: 'cascade' },
  indexes: [
    { name: 'by_text', columns: [{ column: 'text', descending: true }], storing: ['flag'] },
    { name: 'by_day', columns: ['a', 'at'], unique: true, nullFiltered: true },
  ],
  rowDeletion: { column: 'at', days: 7 },
});

describe('DDL', () => {
  test('Spanner gets its own types, interleaving, policy and indexes', () => {
    expect(spannerTableDdl(table)).toEqual([
      [
        'CREATE TABLE `everything` (',
        '  `a` STRING(64) NOT NULL,',
        '  `n` INT64 NOT NULL,',
        '  `text` STRING(MAX),',
        '  `real` FLOAT64 NOT NULL,',
        '  `flag` BOOL NOT NULL,',
        '  `raw` BYTES(16) NOT NULL,',
        '  `at` TIMESTAMP,',
        '  `committed` TIMESTAMP NOT NULL OPTIONS (allow_commit_timestamp = true),',
        '  `day` DATE NOT NULL,',
        '  `document` JSON NOT NULL,',
        '  `list` ARRAY<INT64> NOT NULL,',
        '  `secret` BYTES(MAX) NOT NULL',
        ') PRIMARY KEY (`a`, `n` DESC),',
        '  INTERLEAVE IN PARENT `parent` ON DELETE CASCADE,',
        '  ROW DELETION POLICY (OLDER_THAN(`at`, INTERVAL 7 DAY))',
      ].join('\n'),
      'CREATE INDEX `by_text` ON `everything` (`text` DESC) STORING (`flag`)',
      'CREATE UNIQUE NULL_FILTERED INDEX `by_day` ON `everything` (`a`, `at`)',
    ]);
  });

  test('SQLite gets strict types, a foreign key for the parent, and partial indexes', () => {
    expect(sqliteTableDdl(table)).toEqual([
      [
        'CREATE TABLE "everything" (',
        '  "a" TEXT NOT NULL,',
        '  "n" INTEGER NOT NULL,',
        '  "text" TEXT,',
        '  "real" REAL NOT NULL,',
        '  "flag" INTEGER NOT NULL,',
        '  "raw" BLOB NOT NULL,',
        '  "at" TEXT,',
        '  "committed" TEXT NOT NULL,',
        '  "day" TEXT NOT NULL,',
        '  "document" TEXT NOT NULL,',
        '  "list" TEXT NOT NULL,',
        '  "secret" BLOB NOT NULL,',
        '  PRIMARY KEY ("a", "n" DESC),',
        '  FOREIGN KEY ("a") REFERENCES "parent" ("a") ON DELETE CASCADE',
        ') STRICT',
      ].join('\n'),
      'CREATE INDEX "by_text" ON "everything" ("text" DESC, "a", "n" DESC)',
      'CREATE UNIQUE INDEX "by_day" ON "everything" ("a", "at") WHERE "at" IS NOT NULL',
    ]);
  });
});
