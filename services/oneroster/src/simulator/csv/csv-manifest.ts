import { Failure } from '@flotilla/substrate/failure';
import type { Version } from '../wire-fields.ts';
import type { CsvFiles } from './csv-files.ts';
import { readCsvTable } from './csv-table.ts';
import type { CsvWarning } from './csv-warning.ts';

export interface CsvManifest {
  readonly version: Version;
  /** What the manifest says of each file, by lower-case name: `bulk`, `delta`, `absent`, blank or something else. */
  readonly modes: ReadonlyMap<string, string>;
  /** The file names as the manifest spells them, by lower-case name. */
  readonly names: ReadonlyMap<string, string>;
  /** What the manifest itself is called on disk. */
  readonly file: string;
  readonly warnings: readonly CsvWarning[];
}

/** Reads `manifest.csv`. Throws `invalid_params` where there is none or it does not name a known OneRoster version. */
export function readCsvManifest(path: string, { files }: CsvFiles): CsvManifest {
  const file = files.get('manifest');
  if (file === undefined) {
    throw new Failure('invalid_params', 'Not a OneRoster CSV set: it has no manifest.csv', {
      data: {
        path,
        found: [...files.values()].map(({ name }) => name),
        expected: 'manifest.csv and the files that it names',
      },
    });
  }
  const columns = ['propertyName', 'value'];
  const table = readCsvTable(file, columns, columns);
  const values = new Map<string, string>();
  const names = new Map<string, string>();
  for (const { cells } of table.rows) {
    const property = cells.get('propertyName') ?? '';
    values.set(property.toLowerCase(), cells.get('value') ?? '');
    names.set(property.slice('file.'.length).toLowerCase(), property.slice('file.'.length));
  }
  const named = values.get('oneroster.version') ?? '';
  const version = (['1.1', '1.2'] as const).find((known) => named === known || named.startsWith(`${known}.`));
  if (version === undefined) {
    throw new Failure('invalid_params', 'The manifest names no OneRoster version that is served', {
      data: { path, found: named, expected: 'oneroster.version,1.1 or oneroster.version,1.2' },
    });
  }
  const modes = new Map<string, string>();
  for (const [name, value] of values)
    if (name.startsWith('file.')) modes.set(name.slice('file.'.length), value.toLowerCase());
  return { version, modes, names, file: file.name, warnings: table.warnings };
}
