import { Failure } from '../failure/failure.ts';
import { type CheckedMutation, checkMutation } from './checked-mutation.ts';
import type { Mutation } from './mutation.ts';
import type { PlainValue } from './plain-value.ts';
import type { Table } from './table.ts';

/** How much one commit may carry. */
export interface ChunkLimits {
  readonly rows: number;
  /** As Spanner counts them: `countMutations`. */
  readonly mutations: number;
  readonly bytes: number;
}

/**
 * Spanner refuses a commit above 80,000 mutations or 100 MiB and advises a few hundred rows and 1 to 5 MB
 * (cloud.google.com/spanner/docs/bulk-loading); tables with an index slow down above 250 rows on the emulator.
 */
const defaultChunkLimits: ChunkLimits = { rows: 250, mutations: 40_000, bytes: 4_000_000 };

/**
 * Pure. Cuts a stream of mutations into chunks within the limits, in order. Inside a chunk, neighbours of one kind and table are
 * sorted by key, which changes no result and lets Spanner write one range. A single row beyond the limits makes a chunk of its
 * own.
 */
export async function* chunkMutations(
  mutations: Iterable<Mutation> | AsyncIterable<Mutation>,
  limits: ChunkLimits = defaultChunkLimits,
): AsyncGenerator<readonly CheckedMutation[]> {
  let chunk: CheckedMutation[] = [];
  let count = 0;
  let bytes = 0;
  for await (const mutation of mutations) {
    const checked = checkMutation(mutation);
    if (checked.kind === 'deleteRange') {
      throw new Failure(
        'invalid_params',
        'A bulk write takes no ranges: nobody can tell how many rows one deletes',
      );
    }
    const moreCount = countMutations(checked);
    const moreBytes = countBytes(checked);
    const isFull =
      chunk.length >= limits.rows || count + moreCount > limits.mutations || bytes + moreBytes > limits.bytes;
    if (chunk.length > 0 && isFull) {
      yield sortNeighbours(chunk);
      chunk = [];
      count = 0;
      bytes = 0;
    }
    chunk.push(checked);
    count += moreCount;
    bytes += moreBytes;
  }
  if (chunk.length > 0) yield sortNeighbours(chunk);
}

/**
 * Pure. What a mutation costs of Spanner's limit: a write counts its columns, key included, and a deletion 1; each secondary index that is
 * touched counts its columns once more, twice where an existing entry may have to be replaced (cloud.google.com/spanner/quotas). The ORM
 * counts the worst case, since it cannot see the row that is there.
 */
export function countMutations({ kind, table, names }: CheckedMutation): number {
  if (kind === 'delete' || kind === 'deleteRange') return 1 + table.indexes.length;
  const given = new Set(names);
  let count = given.size;
  for (const index of table.indexes) {
    const entry = [...index.columns.map((part) => part.column), ...index.storing];
    if (kind === 'update' && !entry.some((name) => given.has(name))) continue;
    const size = new Set([...entry, ...table.primaryKey.map((part) => part.column)]).size;
    count += kind === 'insert' ? size : size + 1;
  }
  return count;
}

/** Pure. About how many bytes the values take in the commit; a character counts as three, its most in UTF-8 for one UTF-16 unit. */
export function countBytes({ values }: CheckedMutation): number {
  let bytes = 16;
  for (const value of values) bytes += sizeOf(value);
  return bytes;
}

function sizeOf(value: PlainValue): number {
  if (typeof value === 'string') return isAscii(value) ? value.length : value.length * 3;
  if (value instanceof Uint8Array) return Math.ceil(value.length / 3) * 4;
  if (Array.isArray(value)) return value.reduce((sum: number, item: PlainValue) => sum + sizeOf(item), 0);
  return 12;
}

function isAscii(text: string): boolean {
  return !/[^\u0000-\u007f]/.test(text);
}

function sortNeighbours(chunk: readonly CheckedMutation[]): readonly CheckedMutation[] {
  const sorted: CheckedMutation[] = [];
  for (let start = 0; start < chunk.length; ) {
    const first = chunk[start];
    let end = start + 1;
    while (chunk[end]?.table === first?.table && chunk[end]?.kind === first?.kind) end++;
    // Stable: two mutations of the same row keep their order.
    sorted.push(
      ...chunk
        .slice(start, end)
        .map(withKey)
        .sort(byKey)
        .map(({ mutation }) => mutation),
    );
    start = end;
  }
  return sorted;
}

interface Keyed {
  readonly mutation: CheckedMutation;
  readonly key: readonly PlainValue[];
}

function withKey(mutation: CheckedMutation): Keyed {
  return { mutation, key: keyOf(mutation.table, mutation) };
}

function keyOf(table: Table, { names, values }: CheckedMutation): readonly PlainValue[] {
  return table.primaryKey.map((part) => values[names.indexOf(part.column)] ?? null);
}

function byKey(left: Keyed, right: Keyed): number {
  for (const [position, a] of left.key.entries()) {
    const b = right.key[position];
    const order = comparePlain(a, b ?? null);
    if (order !== 0) return left.mutation.table.primaryKey[position]?.descending ? -order : order;
  }
  return 0;
}

/** Near enough to the databases' order: it only decides which row is written first. */
function comparePlain(a: PlainValue, b: PlainValue): number {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'bigint' && typeof b === 'bigint') return a < b ? -1 : a > b ? 1 : 0;
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  return 0;
}
