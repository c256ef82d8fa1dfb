import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { Failure } from '@flotilla/substrate/failure';
import { type Entry, openPromise } from 'yauzl';
import type { CsvWarning } from './csv-warning.ts';

/** The files of a set, by lower-case name without `.csv`. */
export interface CsvFiles {
  readonly files: ReadonlyMap<string, CsvFile>;
  readonly warnings: readonly CsvWarning[];
}

export interface CsvFile {
  /** As it is called on disk. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** What a ZIP file may grow to: a small one that unpacks to terabytes must not take the machine with it. */
export interface ExpansionLimits {
  readonly entries: number;
  readonly entryBytes: number;
  readonly totalBytes: number;
}

const defaultLimits: ExpansionLimits = { entries: 500, entryBytes: 512 * 1024 ** 2, totalBytes: 1024 ** 3 };

/** Reads a folder or a ZIP file; nothing is unpacked to disk. Throws `invalid_params` where it is neither, or too large. */
export async function readCsvFiles(path: string, limits = defaultLimits): Promise<CsvFiles> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new Failure('invalid_params', 'There is no such folder or ZIP file', { data: { path }, cause });
  });
  const entries = found.isDirectory() ? await readFolder(path) : await readZip(path, limits);
  const files = new Map<string, CsvFile>();
  const warnings: CsvWarning[] = [];
  for (const { name, bytes } of entries) {
    const short = basename(name);
    const isCsv = /\.csv$/i.test(short) && !short.startsWith('.');
    if (!isCsv) {
      warnings.push({ file: name, reason: 'Not a CSV file; not served' });
      continue;
    }
    if (short !== name)
      warnings.push({
        file: name,
        reason: 'Stands in a folder inside the ZIP file, where OneRoster allows none; read all the same',
      });
    const key = short.slice(0, -4).toLowerCase();
    const other = files.get(key);
    if (other === undefined) files.set(key, { name: short, bytes });
    else warnings.push({ file: name, reason: `A second file of this name; ${other.name} is served instead` });
  }
  return { files, warnings };
}

async function readFolder(path: string): Promise<CsvFile[]> {
  const entries = await readdir(path, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  return Promise.all(names.sort().map(async (name) => ({ name, bytes: await readFile(join(path, name)) })));
}

async function readZip(path: string, limits: ExpansionLimits): Promise<CsvFile[]> {
  // yauzl itself refuses names that lead out of the folder, and entries that unpack to another size than they say.
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false }).catch((cause: unknown) => {
    throw new Failure('invalid_params', 'Not a ZIP file that can be read', { data: { path }, cause });
  });
  try {
    const files: CsvFile[] = [];
    let total = 0;
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue;
      total += entry.uncompressedSize;
      checkExpansion(path, entry, files.length + 1, total, limits);
      files.push({ name: entry.fileName, bytes: await readAll(await zip.openReadStreamPromise(entry)) });
    }
    return files;
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure('invalid_params', 'The ZIP file is damaged', { data: { path }, cause });
  } finally {
    zip.close();
  }
}

function checkExpansion(
  path: string,
  entry: Entry,
  entries: number,
  total: number,
  limits: ExpansionLimits,
): void {
  const { fileName, uncompressedSize } = entry;
  const tooMuch =
    entries > limits.entries || uncompressedSize > limits.entryBytes || total > limits.totalBytes;
  if (!tooMuch) return;
  throw new Failure('too_large', 'The ZIP file unpacks to more than is allowed', {
    data: { path, entry: fileName, entries, entryBytes: uncompressedSize, totalBytes: total, limits },
  });
}

async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
