import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'services/*/src/**/*.test.ts', 'scripts/**/*.test.ts'],
    globalSetup: ['scripts/tests-in-memory.ts'],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // The default leaves one processor to itself, and with two that is half of the machine. Most suites wait for timers and processes.
    maxWorkers: availableParallelism() + 1,
  },
});
