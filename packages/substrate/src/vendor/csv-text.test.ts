import { expect, test } from 'vitest';
import { toCsv } from './csv-text.ts';

test('rows stand under the names of all their members, and what would end a cell stands in quotes', () => {
  const rows = [
    { id: '1', name: 'Ada, "Ace"' },
    { id: '2', email: 'ada@maplevalley.example', name: null },
    { id: 3, name: 'two\nlines', isOn: true, list: ['a', 'b'] },
  ];
  expect(toCsv(rows)).toBe(
    [
      'id,name,email,isOn,list',
      '1,"Ada, ""Ace""",,,',
      '2,,ada@maplevalley.example,,',
      '3,"two\nlines",,true,"[""a"",""b""]"',
    ].join('\n'),
  );
});
