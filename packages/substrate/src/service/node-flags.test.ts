import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { nodeFlags } from './node-flags.ts';

describe("a service's flags for Node", () => {
  test('leave half of the memory to what V8 does not count', () => {
    expect(nodeFlags('512MiB')).toEqual(['--max-old-space-size=256', '--max-semi-space-size=16']);
    expect(nodeFlags('1GiB')).toEqual(['--max-old-space-size=512', '--max-semi-space-size=32']);
  });

  test('are taken by Node, whose heap then stays below the memory', () => {
    const script = 'process.stdout.write(String(v8.getHeapStatistics().heap_size_limit))';
    const { stdout, stderr, status } = spawnSync(process.execPath, [...nodeFlags('512MiB'), '-e', script], {
      encoding: 'utf8',
    });

    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(Number(stdout) / 2 ** 20).toBeGreaterThanOrEqual(256);
    expect(Number(stdout) / 2 ** 20).toBeLessThan(350);
  });

  test.each(['64MiB', '512MB', '0GiB'])('are not made for %s', (memory) => {
    expect(() => nodeFlags(memory as '64MiB')).toThrow(
      expect.objectContaining({ code: 'config_invalid', data: { memory } }),
    );
  });
});
