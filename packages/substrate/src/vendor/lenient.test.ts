import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  DateOnly,
  DateTime,
  Flag,
  Id,
  listOf,
  listOfOne,
  Numeric,
  optional,
  Text,
  TextList,
  vocabulary,
  word,
  wordAs,
  wordIn,
} from './lenient.ts';

/** What a schema says of a value: its output, or its message. */
function read(schema: z.ZodType, value: unknown): unknown {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : { refused: parsed.error.issues[0]?.message };
}

function refused(message: string): object {
  return { refused: expect.stringContaining(message) };
}

describe('what has one meaning is read, whatever its spelling', () => {
  test.each([
    ['true', true],
    ['false', false],
    ['TRUE', true],
    ['False', false],
    [' true ', true],
    [true, true],
    [false, false],
  ])('the truth value %j is %j', (value, expected) => {
    expect(read(Flag, value)).toBe(expected);
  });

  test.each([
    ['A-12', 'A-12'],
    [4711, '4711'],
    ['', ''],
  ])('the text %j is %j', (value, expected) => {
    expect(read(Text, value)).toBe(expected);
  });

  test.each([
    ['scheduled', 'scheduled'],
    ['Scheduled', 'scheduled'],
    ['HOMEROOM', 'homeroom'],
    [' homeroom ', 'homeroom'],
  ])('the word %j is %j', (value, expected) => {
    expect(read(word('homeroom', 'scheduled'), value)).toBe(expected);
  });

  test.each([
    ['2025-08-25', '2025-08-25'],
    [' 2025-08-25 ', '2025-08-25'],
    ['2025-08-25T00:00:00.000Z', '2025-08-25'],
    ['2025-08-25 00:00:00', '2025-08-25'],
    ['2025-08-25T00:00:00+0200', '2025-08-25'],
    ['2024-02-29', '2024-02-29'],
  ])('the date %j is %j', (value, expected) => {
    expect(read(DateOnly, value)).toBe(expected);
  });

  test.each([
    ['2025-08-14T02:11:09.000Z', '2025-08-14T02:11:09.000Z'],
    ['2025-08-14T02:11:09Z', '2025-08-14T02:11:09.000Z'],
    ['2025-08-14t02:11:09z', '2025-08-14T02:11:09.000Z'],
    ['2025-08-14T02:11:09', '2025-08-14T02:11:09.000Z'],
    ['2025-08-14 02:11:09', '2025-08-14T02:11:09.000Z'],
    ['2025-08-14T02:11', '2025-08-14T02:11:00.000Z'],
    ['2025-08-14', '2025-08-14T00:00:00.000Z'],
    ['2025-08-14T02:11:09+0530', '2025-08-13T20:41:09.000Z'],
    ['2025-08-14T02:11:09-08:00', '2025-08-14T10:11:09.000Z'],
    ['2025-08-14T02:11:09.1234567Z', '2025-08-14T02:11:09.123Z'],
  ])('the moment %j is %j', (value, expected) => {
    expect(read(DateTime, value)).toBe(expected);
  });

  test.each([
    [7, 7],
    [-0.5, -0.5],
    ['7', 7],
    ['10.50', 10.5],
    [' 20 ', 20],
    ['-3', -3],
    [0, 0],
  ])('the number %j is %j', (value, expected) => {
    expect(read(Numeric, value)).toBe(expected);
  });

  test.each([
    [
      ['09', '10'],
      ['09', '10'],
    ],
    ['09,10', ['09', '10']],
    ['09', ['09']],
    [
      [' 09 ', '', null, '10'],
      ['09', '10'],
    ],
    [[], undefined],
    ['', undefined],
    [[null], undefined],
  ])('the list %j is %j', (value, expected) => {
    expect(read(TextList, value)).toEqual(expected);
  });

  test.each([
    [' u-1 ', 'u-1'],
    [4711, '4711'],
  ])('the id %j is %j', (value, expected) => {
    expect(read(Id, value)).toBe(expected);
  });

  test("a word of the vendor's is what it means", () => {
    expect(read(wordAs({ Pupil: 'student', Staff: 'teacher' }), ' pupil ')).toBe('student');
  });

  test('a list of items is absent where there are none', () => {
    expect(read(listOf(Id), ['a', 7])).toEqual(['a', '7']);
    expect([[], null, undefined, ''].map((value) => read(listOf(Id), value))).toEqual(
      Array.from({ length: 4 }, () => undefined),
    );
  });

  test.each([undefined, null, '', '   '])('the optional member %j is absent', (value) => {
    for (const schema of [z.string(), Flag, DateOnly, DateTime, Numeric, TextList, Id, word('x')]) {
      expect(read(optional(schema), value)).toBeUndefined();
    }
  });
});

describe('what is ambiguous is refused, and the message shows it', () => {
  test.each(['yes', '1', 1, 0, 'ja', null, undefined, {}])('the truth value %j', (value) => {
    expect(read(Flag, value)).toEqual(refused(`${JSON.stringify(value)} is not "true" or "false"`));
  });

  test.each(['lab', '', 'ext:lab', 'home room'])('the word %j', (value) => {
    expect(read(word('homeroom', 'scheduled'), value)).toEqual(
      refused(`"${value}" is not one of homeroom, scheduled`),
    );
  });

  test.each([
    '1/05/2023',
    '05.01.2023',
    '2023-1-5',
    '20230105',
    '2023-02-30',
    '2025-02-29',
    '2023',
    '',
    'soon',
    '2023-01-05 or later',
    '2023-01-05T23:00:00Z',
    '2023-01-05T00:30:00-05:00',
  ])('the date %j', (value) => {
    expect(read(DateOnly, value)).toEqual(refused(`"${value}" is not a date (YYYY-MM-DD)`));
  });

  test.each([
    '1/05/2023 10:00',
    '2025-08-14T25:00:00Z',
    '2025-08-14T10:00:00 PST',
    '1692000000',
    '2023-02-30T00:00:00Z',
  ])('the moment %j', (value) => {
    expect(read(DateTime, value)).toEqual(refused(`"${value}" is not an ISO 8601 date and time`));
  });

  test.each(['A-', '7,5', '1e3', '', 'NaN', '7 points'])('the number %j', (value) => {
    expect(read(Numeric, value)).toEqual(refused(`"${value}" is not a number`));
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, null, true])('the number %j', (value) => {
    expect(read(Numeric, value)).toEqual(refused('Invalid input'));
  });

  test.each([{}, '', ' ', true, 7.5, 2 ** 60, 'x'.repeat(256)])('the id %j', (value) => {
    expect(Id.safeParse(value).success).toBe(false);
  });
});

test.each([
  [7, ['7']],
  ['a', ['a']],
  [' ', undefined],
  [null, undefined],
  [undefined, undefined],
])('where the model has a list, the only one %j is %j', (value, expected) => {
  expect(read(listOfOne(Id), value)).toEqual(expected);
});

test('words of a vendor are ours by the first pattern that fits, and others stay its own', () => {
  const patterns = { aide: /aide$/i, teacher: /teacher/i };
  const Role = vocabulary(Text, patterns);
  expect(["Teacher's aide", 'Teacher', 'Cook'].map((text) => read(Role, text))).toEqual([
    'aide',
    'teacher',
    'ext:Cook',
  ]);
  expect(read(Role, null)).toEqual(refused(''));
  expect(wordIn(patterns, 'Cook')).toBeUndefined();
});
