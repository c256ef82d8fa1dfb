import pc from 'picocolors';
import { expect, test } from 'vitest';
import { countOf, formatSeconds } from './plain-text.ts';
import { renderRows } from './render-rows.ts';
import { renderTable } from './table.ts';

const plain = pc.createColors(false);

test('a table has a heading, and its columns are two blanks apart', () => {
  const columns = [{ title: 'school' }, { title: 'students', align: 'right' as const }];

  expect(renderTable(columns, [['Oak', '1,234'] as const, ['Élan', '5']], plain)).toBe(
    ['school  students', 'Oak        1,234', 'Élan           5'].join('\n'),
  );
});

test('a table without rows is its heading', () => {
  expect(renderTable([{ title: 'a' }, { title: 'b' }], [], plain)).toBe('a  b');
});

test('the columns stay straight where cells are coloured', () => {
  const colors = pc.createColors(true);
  const text = renderTable([{ title: 'a' }, { title: 'b' }], [[colors.bold('long'), 'x']], colors);

  expect(text.replace(/\u001b\[\d+m/g, '')).toBe('a     b\nlong  x');
});

test('cells that are written from the right keep their places beside one another', () => {
  const table = renderTable(
    [{ title: 'ours' }, { title: 'theirs' }],
    [
      ['אבג', 'דהו'],
      ['abc', 'def'],
    ],
    plain,
  );

  expect(table.split('\n')).toEqual(['ours  theirs', 'אבג\u200e   דהו', 'abc   def']);
});

test("the rows of a query show each value shortly, numbers to the right, and nothing that could steer a person's terminal", () => {
  const answer = {
    columns: [
      { name: 'name', type: 'VARCHAR' },
      { name: 'n', type: 'BIGINT' },
    ],
    rows: [
      { name: 'a\u001b[2Jb', n: 10 },
      { name: null, n: 9 },
      { name: ['x', { y: 1 }], n: 8 },
      { name: 'z'.repeat(100), n: '12345678901234567890' },
    ],
    truncated: false,
  };

  expect(renderRows(answer, plain).split('\n')).toEqual([
    `name${' '.repeat(77)}n`,
    `a�[2Jb${' '.repeat(74)}10`,
    `null${' '.repeat(77)}9`,
    `["x",{"y":1}]${' '.repeat(68)}8`,
    `${'z'.repeat(59)}…  12345678901234567890`,
  ]);
});

test('counts and durations read as people say them', () => {
  expect([countOf(1, 'row'), countOf(0, 'row'), countOf(12_345, 'row')]).toEqual([
    '1 row',
    '0 rows',
    '12,345 rows',
  ]);
  expect([formatSeconds(0.04), formatSeconds(59.96), formatSeconds(125)]).toEqual([
    '0.0 s',
    '60.0 s',
    '2 min 5 s',
  ]);
});
