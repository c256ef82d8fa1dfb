import { Failure } from '@flotilla/substrate/failure';
import { type Info, parse } from 'csv-parse/sync';
import { misspelt } from './csv-columns.ts';
import type { CsvFile } from './csv-files.ts';
import type { CsvWarning } from './csv-warning.ts';

export interface CsvRow {
  /** Where the row ends; the header is line 1. */
  readonly line: number;
  /** Non-blank cells by column name. */
  readonly cells: ReadonlyMap<string, string>;
}

export interface CsvTable {
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
  readonly warnings: readonly CsvWarning[];
}

/**
 * Reads a file by its header. Whatever the dirt, each row is either a row of the result or named in the warnings; cells beyond the header
 * and lines that are not CSV are named too. Throws `invalid_params` where a key column is missing: then it is another kind of file.
 */
export function readCsvTable(file: CsvFile, known: readonly string[], keys: readonly string[]): CsvTable {
  const warnings: CsvWarning[] = [];
  function warn(reason: string, line?: number): void {
    warnings.push(line === undefined ? { file: file.name, reason } : { file: file.name, line, reason });
  }

  const [header, ...lines] = parseLines(decode(file, warn), warn);
  const found = header?.record ?? [];
  const columns = readHeader(found, known, warn);
  const missing = keys.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    throw new Failure('invalid_params', 'A file does not have the header that OneRoster gives it', {
      data: { file: file.name, missing, found, expected: known },
    });
  }
  const unknown = columns.filter(
    (name) => name !== '' && !known.includes(name) && !name.startsWith('metadata.'),
  );
  if (unknown.length > 0) warn(`Unknown columns, left out: ${unknown.join(', ')}`);
  const rows = lines.map(({ record, line }) => {
    if (record.length < columns.length)
      warn(
        `The row has ${record.length} cells, the header ${columns.length}; the missing ones are blank`,
        line,
      );
    const extra = record.slice(columns.length).filter((cell) => cell.trim() !== '');
    if (record.length > columns.length) {
      warn(
        `The row has ${record.length} cells, the header ${columns.length}; left out: ${extra.join(', ') || '(blanks)'}`,
        line,
      );
    }
    const cells = new Map<string, string>();
    columns.forEach((name, at) => {
      const cell = record[at]?.trim() ?? '';
      if (name !== '' && cell !== '') cells.set(name, cell);
    });
    return { line, cells };
  });
  return { columns, rows, warnings };
}

type Warn = (reason: string, line?: number) => void;

interface ParsedLine {
  readonly record: readonly string[];
  readonly line: number;
}

function decode(file: CsvFile, warn: Warn): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file.bytes);
  } catch {
    warn('Not UTF-8; read as Windows-1252');
    return new TextDecoder('windows-1252').decode(file.bytes);
  }
}

/**
 * A quote that is never closed swallows the rest of the file: then the line on which it opens is left out, by name, and reading goes on
 * behind it.
 */
function parseLines(text: string, warn: Warn): readonly ParsedLine[] {
  const lines: ParsedLine[] = [];
  const physical = text.split('\n');
  /** How many physical lines stand before what is parsed. */
  let skipped = 0;
  for (;;) {
    const { parsed, broken } = parseFrom(skipped === 0 ? text : physical.slice(skipped).join('\n'));
    for (const { record, line } of parsed) lines.push({ record, line: skipped + line });
    if (!broken) return lines;
    skipped += parsed.at(-1)?.line ?? 0;
    while (physical[skipped]?.trim() === '') skipped += 1;
    const opening = physical[skipped]?.trim() ?? '';
    skipped += 1;
    warn(`Not CSV, left out: a quote opens and is never closed: ${opening}`, skipped);
  }
}

function parseFrom(text: string): { readonly parsed: readonly ParsedLine[]; readonly broken: boolean } {
  let broken = false;
  // Its typing of `info` covers rows that are objects; these are lists.
  const parsed: readonly unknown[] = parse(text, {
    bom: true,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: () => {
      broken = true;
      return undefined;
    },
  });
  const rows = parsed as readonly { readonly record: readonly string[]; readonly info: Info }[];
  return { parsed: rows.map(({ record, info }) => ({ record, line: info.lines })), broken };
}

/** Column names as the standard spells them; an unnamed column is an empty text. */
function readHeader(found: readonly string[], known: readonly string[], warn: Warn): readonly string[] {
  const names = found.map((cell) => cell.trim());
  let end = names.length;
  while (end > 0 && names[end - 1] === '') end -= 1;
  if (end < names.length) warn(`The header ends in ${names.length - end} unnamed columns, left out`, 1);
  return names.slice(0, end).map((name) => {
    if (known.includes(name) || name.startsWith('metadata.')) return name;
    if (name === '') warn('A column has no name; left out', 1);
    const meant =
      misspelt[name.toLowerCase()] ?? known.find((one) => one.toLowerCase() === name.toLowerCase());
    if (meant === undefined || !known.includes(meant)) return name;
    warn(`The header spells ${meant} as ${name}; read all the same`, 1);
    return meant;
  });
}
