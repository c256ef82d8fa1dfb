import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import { createReferences, idOf, refId } from '../references.ts';
import type { CollectionName, OneRosterRecords, Version } from '../wire-fields.ts';
import { addChildren, addReference, convertVersion, type MutableRecords } from './convert-version.ts';
import { cellToMember } from './csv-cells.ts';
import { type CsvFileKind, csvFileKinds, unservedFiles } from './csv-columns.ts';
import { type CsvFile, type ExpansionLimits, readCsvFiles } from './csv-files.ts';
import { readCsvManifest } from './csv-manifest.ts';
import { type CsvRow, readCsvTable } from './csv-table.ts';
import type { CsvWarning } from './csv-warning.ts';

export type { CsvWarning } from './csv-warning.ts';

export interface CsvSet {
  readonly version: Version;
  readonly records: OneRosterRecords;
  /** Everything that is remarked on in the files, with file, line and reason. */
  readonly warnings: readonly CsvWarning[];
}

/** A REST server must send a moment where bulk files have none; a fixed one, so that a restart changes nothing. */
const unknownMoment = '2000-01-01T00:00:00.000Z';

/**
 * A folder or ZIP file with a OneRoster CSV set, as REST objects of a version (default: the manifest's). The manifest decides which
 * files are served. Throws `invalid_params` or `too_large` where it is no such set; dirt inside it ends in the warnings, never lost.
 */
export async function loadCsvSet(path: string, as?: Version, limits?: ExpansionLimits): Promise<CsvSet> {
  const found = await readCsvFiles(path, limits);
  const manifest = readCsvManifest(path, found);
  const warnings: CsvWarning[] = [...found.warnings, ...manifest.warnings];
  const kinds = csvFileKinds(manifest.version);
  const kindsByKey = new Map([...kinds.values()].map((kind) => [kind.name.toLowerCase(), kind]));
  const tables = new Map<string, readonly ParsedRow[]>();
  const reference = createReferences();

  for (const [key, file] of found.files) {
    if (key === 'manifest') continue;
    const kind = kindsByKey.get(key);
    const refusal = whyNotServed(key, kind, manifest.modes.get(key));
    if (refusal !== undefined) {
      warnings.push({ file: file.name, reason: refusal });
    } else if (kind !== undefined) {
      tables.set(kind.name, readRows(file, kind, manifest.modes.get(key) ?? '', reference, warnings));
    }
  }
  for (const [key, mode] of manifest.modes) {
    if ((mode === 'bulk' || mode === 'delta') && !found.files.has(key)) {
      warnings.push({
        file: manifest.file,
        reason: `Promises ${manifest.names.get(key) ?? key} as ${mode}, but there is no such file`,
      });
    }
  }

  const records: MutableRecords = {};
  for (const { name, collection } of kinds.values()) {
    if (collection !== undefined) records[collection] = (tables.get(name) ?? []).map((row) => row.record);
  }
  joinRows(records, tables, manifest.version, reference, warnings);
  const version = as ?? manifest.version;
  if (version === manifest.version) return { version, records, warnings };
  const converted = convertVersion(records, version);
  for (const name of converted.lost) {
    warnings.push({
      file: manifest.file,
      reason: `OneRoster ${version} has no ${name}; left out of every record`,
    });
  }
  return { version, records: converted.records, warnings };
}

interface ParsedRow {
  readonly file: string;
  readonly line: number;
  readonly record: JsonObject;
}

function whyNotServed(
  key: string,
  kind: CsvFileKind | undefined,
  mode: string | undefined,
): string | undefined {
  const unserved = unservedFiles.find((name) => name.toLowerCase() === key);
  if (unserved !== undefined) return 'This simulator does not serve the rows of such files';
  if (kind === undefined) return 'Not a file of this OneRoster version; not served';
  if (mode === 'bulk' || mode === 'delta') return undefined;
  if (mode === undefined) return 'The manifest does not name it; not served';
  return `The manifest says ${mode === '' ? 'nothing' : mode} where bulk or delta would serve it; not served`;
}

function readRows(
  file: CsvFile,
  kind: CsvFileKind,
  mode: string,
  reference: (type: string, id: string) => JsonObject,
  warnings: CsvWarning[],
): readonly ParsedRow[] {
  const columnsByName = new Map(kind.columns.map((column) => [column.name, column]));
  const heads = ['sourcedId', 'status', 'dateLastModified'];
  const keys = ['sourcedId', ...kind.columns.filter((column) => column.key).map((column) => column.name)];
  const table = readCsvTable(file, [...heads, ...columnsByName.keys()], keys);
  warnings.push(...table.warnings);
  const seen = new Map<string, number>();
  let stamped = 0;

  const rows = table.rows.flatMap(({ line, cells }: CsvRow): ParsedRow[] => {
    const id = cells.get('sourcedId');
    if (id === undefined) {
      warnings.push({ file: file.name, line, reason: 'The row has no sourcedId; it cannot be served' });
      return [];
    }
    const first = seen.get(id);
    if (first === undefined) seen.set(id, line);
    else
      warnings.push({
        file: file.name,
        line,
        reason: `sourcedId ${id} stands in line ${first} already; both are served`,
      });
    if (cells.has('status') || cells.has('dateLastModified')) stamped += 1;
    const record: Record<string, JsonValue> = {
      sourcedId: id,
      status: cells.get('status') ?? 'active',
      dateLastModified: cells.get('dateLastModified') ?? unknownMoment,
    };
    const metadata: Record<string, JsonValue> = {};
    for (const [name, cell] of cells) {
      const column = columnsByName.get(name);
      if (column !== undefined) record[column.field] = cellToMember(cell, column, reference);
      else if (name.startsWith('metadata.')) metadata[name.slice('metadata.'.length)] = cell;
    }
    return [
      {
        file: file.name,
        line,
        record: Object.keys(metadata).length === 0 ? record : { ...record, metadata },
      },
    ];
  });
  if (mode === 'bulk' && stamped > 0) {
    const reason = `${stamped} of ${rows.length} rows have a status or a date, which OneRoster wants blank in bulk files; served as they are`;
    warnings.push({ file: file.name, reason });
  }
  return rows;
}

/** Rows that are no REST objects of their own: roles, profiles and resources of other objects; and children, which CSV does not name. */
function joinRows(
  records: MutableRecords,
  tables: ReadonlyMap<string, readonly ParsedRow[]>,
  version: Version,
  reference: (type: string, id: string) => JsonObject,
  warnings: CsvWarning[],
): void {
  function join(
    table: string,
    owner: 'user' | 'class' | 'course',
    collection: CollectionName,
    add: (record: JsonObject, row: JsonObject) => JsonObject,
  ): void {
    const rows = tables.get(table) ?? [];
    const targets = records[collection] ?? [];
    // Dirty sets have two records under one id: what is joined goes to both.
    const positions = new Map<string, number[]>();
    targets.forEach((record, at) => {
      const id = idOf(record);
      positions.set(id, [...(positions.get(id) ?? []), at]);
    });
    for (const { file, line, record: row } of rows) {
      const id = refId(row[owner]);
      const found = positions.get(id ?? '') ?? [];
      if (found.length === 0) {
        warnings.push({
          file,
          line,
          reason: `There is no ${owner} ${id ?? '(blank)'}; the row cannot be served`,
        });
      } else if (row.status === 'tobedeleted') {
        warnings.push({
          file,
          line,
          reason: 'Marked tobedeleted, which REST can only say by leaving it out',
        });
      } else {
        for (const at of found) {
          const target = targets[at];
          if (target !== undefined) targets[at] = add(target, row);
        }
      }
    }
  }

  if (version === '1.2') {
    records.users = (records.users ?? []).map((user) => ({ ...user, roles: [] }));
    join('roles', 'user', 'users', (user, row) => append(user, 'roles', roleOf(row)));
    join('userProfiles', 'user', 'users', (user, row) => append(user, 'userProfiles', profileOf(row)));
    join('userResources', 'user', 'users', addResource);
  }
  join('classResources', 'class', 'classes', addResource);
  join('courseResources', 'course', 'courses', addResource);
  records.orgs = addChildren(records.orgs ?? [], (id) => reference('org', id));
  records.academicSessions = addChildren(records.academicSessions ?? [], (id) =>
    reference('academicSession', id),
  );
}

function addResource(record: JsonObject, row: JsonObject): JsonObject {
  return addReference(record, 'resources', row.resource as JsonObject);
}

function append(record: JsonObject, name: string, item: JsonObject): JsonObject {
  const list = record[name];
  return { ...record, [name]: [...(Array.isArray(list) ? (list as readonly JsonValue[]) : []), item] };
}

function roleOf(row: JsonObject): JsonObject {
  const { roleType, role, org, beginDate, endDate } = row;
  const userProfile = typeof row.userProfile === 'string' ? profileId(row.userProfile) : undefined;
  return present({ roleType, role, org, userProfile, beginDate, endDate });
}

function profileOf(row: JsonObject): JsonObject {
  const { profileType, vendorId, applicationId, description, credentialType, username, password } = row;
  const credentials = [present({ type: credentialType, username, password })];
  return present({
    profileId: profileId(idOf(row)),
    profileType,
    vendorId,
    applicationId,
    description,
    credentials,
  });
}

/** REST wants a URI where CSV has any id. */
function profileId(id: string): string {
  return /^[a-z][a-z0-9+.-]*:\S+$/i.test(id) ? id : `urn:oneroster:user-profile:${encodeURIComponent(id)}`;
}

function present(members: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  const record: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(members)) if (value !== undefined) record[name] = value;
  return record;
}
