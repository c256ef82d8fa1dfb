import { describe, expect, test } from 'vitest';
import { fitPage } from './fit-page.ts';

interface Row {
  readonly id: number;
  readonly text: string;
}

function rowsOf(...lengths: readonly number[]): readonly Row[] {
  return lengths.map((length, index) => ({ id: index + 1, text: '語'.repeat(length) }));
}

describe('a page of rows', () => {
  test('that weighs little is as it is, with its next one or without', () => {
    const page = { rows: rowsOf(1, 2), next: { id: 2, text: '' } };
    expect(fitPage(page, (row) => row)).toBe(page);
    expect(fitPage<Row>({ rows: [], next: null }, (row) => row)).toEqual({ rows: [], next: null });
  });

  test('that weighs too much ends earlier, by bytes and not by letters, and the next page goes on there', () => {
    const rows = rowsOf(30_000, 10_000, 15_000, 1);
    const { rows: kept, next } = fitPage<Row>({ rows, next: null }, ({ text }) => ({ text }));
    expect(kept.map(({ id }) => id)).toEqual([1, 2]);
    expect(next).toBe(rows[1]);
  });

  test('has one row at least, or nobody could go on', () => {
    const rows = rowsOf(100_000, 100_000);
    expect(fitPage<Row>({ rows, next: null }, (row) => row)).toEqual({ rows: [rows[0]], next: rows[0] });
    expect(fitPage<Row>({ rows: rows.slice(1), next: null }, (row) => row).next).toBeNull();
  });
});
