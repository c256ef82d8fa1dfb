import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Bench } from './bench/render-bench.ts';

/** Nothing here is timed: rows, messages and memory are the same on a busy machine. */
const root = dirname(import.meta.dirname);
let bench: Bench;

beforeAll(async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(root, 'scripts', 'bench.ts'), '--students', '2000', '--json'],
    { maxBuffer: 2 ** 24 },
  );
  bench = JSON.parse(stdout);
}, 300_000);

describe('a district, and one of twice its size, synced by the real services', () => {
  test('are stored whole, with a change for each record', () => {
    const [one, two] = bench.districts;

    expect(two?.records).toBeGreaterThan((one?.records ?? 0) * 1.9);
    for (const { records, first } of bench.districts) {
      expect(records).toBeGreaterThan(15_000);
      expect(first.written).toMatchObject({ records, changes: records });
    }
  });

  test('commit no record row and send no message when nothing has changed', () => {
    for (const { unchanged } of bench.districts) {
      expect(unchanged.written).toEqual({ records: 0, changes: 0, messages: 0 });
    }
  });

  test.runIf(existsSync('/proc/self/status'))(
    'leave every service below 400 MiB, and doubling the district does not raise the peak (told by Linux)',
    () => {
      const [one, two] = bench.districts;

      for (const { peakMiB } of bench.districts) {
        for (const [service, peak] of Object.entries(peakMiB)) expect(peak, service).toBeLessThan(400);
      }
      // 1.00 to 1.10 in three runs; when garbage is collected is V8's own affair.
      expect((two?.peakMiB.oneroster ?? Number.NaN) / (one?.peakMiB.oneroster ?? 0)).toBeLessThan(1.25);
    },
  );
});
