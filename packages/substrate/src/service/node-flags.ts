import { Failure } from '../failure/failure.ts';
import type { RuntimeProfile } from '../vendor/define-vendor.ts';

/**
 * Pure. Node's flags for a service with this much memory. Without them V8 goes by the machine's memory: on a large one it lets garbage
 * lie until a sync has taken twice of what it needs (measured: docs/performance.md).
 *
 * - Half is the most that live objects may take; the other half is for what V8 does not count: Node itself, SQLite's caches, the bodies
 *   of pages, and the new space.
 * - A 32nd is one half of the new space (it has two, and V8 keeps a third as reserve). Smaller ones cost processor time, since more
 *   of a page outlives them and must be copied; larger ones only memory.
 */
export function nodeFlags(memory: RuntimeProfile['memory']): readonly string[] {
  const mebibytes = toMebibytes(memory);
  return [
    `--max-old-space-size=${Math.floor(mebibytes / 2)}`,
    `--max-semi-space-size=${Math.max(1, Math.floor(mebibytes / 32))}`,
  ];
}

function toMebibytes(memory: string): number {
  const [, count, unit] = /^(\d+)(MiB|GiB)$/.exec(memory) ?? [];
  const mebibytes = Number(count) * (unit === 'GiB' ? 1024 : 1);
  if (mebibytes >= 128) return mebibytes;
  throw new Failure('config_invalid', 'A service needs at least 128MiB of memory', { data: { memory } });
}
