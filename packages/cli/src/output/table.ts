import { isFromTheRight, leftToRightMark } from '@flotilla/substrate/report/plain-text';
import Table from 'cli-table3';
import type { Colors } from './terminal.ts';

export interface TableColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** A table without borders: a heading, then rows; columns are two blanks apart. Cells may be coloured. */
export function renderTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  colors: Colors,
): string {
  const table = new Table({
    head: columns.map(({ title }) => colors.dim(title)),
    colAligns: columns.map(({ align = 'left' }) => align),
    chars: borderless,
    style: { 'padding-left': 0, 'padding-right': 2, head: [], border: [] },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => keepOrder(line.trimEnd()))
    .join('\n');
}

/** Two neighbouring cells that are written from the right would be shown in each other's place, were there nothing between them. */
function keepOrder(line: string): string {
  return isFromTheRight(line) ? line.replace(/ {2,}/g, `${leftToRightMark}$&`) : line;
}

const borderless = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};
