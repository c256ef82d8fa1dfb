import {
  arrayOf,
  bigint64,
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
} from '../columns.ts';
import { createTable, type Migration } from '../migration.ts';
import { defineTable } from '../table.ts';

/** One column of every kind. */
export const kinds = defineTable('kinds', {
  columns: {
    id: string(36),
    text: string('max').nullable(),
    short: string(5).nullable(),
    whole: int64().nullable(),
    big: bigint64().nullable(),
    real: float64().nullable(),
    flag: bool().nullable(),
    raw: bytes().nullable(),
    instant: timestamp().nullable(),
    committed: commitTimestamp().nullable(),
    day: date().nullable(),
    document: json<unknown>().nullable(),
    texts: arrayOf(string('max')).nullable(),
    wholes: arrayOf(int64()).nullable(),
    bigs: arrayOf(bigint64()).nullable(),
    reals: arrayOf(float64()).nullable(),
    flags: arrayOf(bool()).nullable(),
    raws: arrayOf(bytes()).nullable(),
    instants: arrayOf(timestamp()).nullable(),
    days: arrayOf(date()).nullable(),
  },
  primaryKey: ['id'],
});

export const schools = defineTable('schools', {
  columns: { district: string(20), school: string(20), name: string(100), opened: date().nullable() },
  primaryKey: ['district', 'school'],
});

export const events = defineTable('events', {
  columns: {
    district: string(20),
    school: string(20),
    sequence: int64(),
    kind: string(20),
    grade: int64().nullable(),
    note: string('max').nullable(),
    detail: json<{ readonly tags: readonly string[] }>().nullable(),
    at: timestamp(),
  },
  primaryKey: ['district', 'school', { column: 'sequence', descending: true }],
  interleaveIn: { parent: schools, onDelete: 'cascade' },
  indexes: [
    { name: 'events_by_kind', columns: ['district', 'kind'] },
    {
      name: 'events_by_grade',
      columns: ['district', { column: 'grade', descending: true }],
      storing: ['note'],
    },
    { name: 'events_with_grade', columns: ['district', 'grade'], nullFiltered: true },
  ],
});

export const teachers = defineTable('teachers', {
  columns: {
    district: string(20),
    teacher: string(20),
    email: string(100).nullable(),
    lessons: int64(),
    changedAt: commitTimestamp(),
  },
  primaryKey: ['district', 'teacher'],
  indexes: [{ name: 'teachers_by_email', columns: ['district', 'email'], unique: true, nullFiltered: true }],
});

export const rooms = defineTable('rooms', {
  columns: { district: string(20), school: string(20), room: string(20) },
  primaryKey: ['district', 'school', 'room'],
  interleaveIn: { parent: schools, onDelete: 'refuse' },
});

export const secrets = defineTable('secrets', {
  columns: {
    customer: string(20),
    integration: string(20),
    note: string(100).nullable(),
    credential: encrypted(json<{ readonly token: string }>(), { boundTo: ['customer', 'integration'] }),
    pin: encrypted(string('max'), { boundTo: ['customer'] }).nullable(),
    key: encrypted(bytes(), { boundTo: ['customer', 'integration'] }).nullable(),
  },
  primaryKey: ['customer', 'integration'],
});

export const visits = defineTable('visits', {
  columns: { visit: string(20), expiresAt: timestamp().nullable() },
  primaryKey: ['visit'],
  rowDeletion: { column: 'expiresAt', days: 1 },
});

export const fixtureSchema = [kinds, schools, events, teachers, rooms, secrets, visits] as const;
export type FixtureSchema = typeof fixtureSchema;

export const fixtureMigrations: readonly Migration[] = [
  { number: 1, name: 'the fixture tables', up: fixtureSchema.map((table) => createTable(table)) },
];
