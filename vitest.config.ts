import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'services/*/src/**/*.test.ts',
      'services/*/dashboard/src/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    globalSetup: ['scripts/tests-in-memory.ts'],
    pool: 'forks',
    // A process for each file would load and warm up the same modules three hundred times, which is a quarter of all processor time. So no
    // test may leave anything behind in its process: no environment, no working directory, no listener, no replaced module.
    isolate: false,
    // For the processes that tests start: without it each strips the types of hundreds of files and compiles them anew.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/compile') },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // How long a busy machine may take to get there, and no bound of anything: the default is a second.
    expect: { poll: { timeout: 10_000 } },
    // The default leaves one processor to itself, and with two that is half of the machine. Most suites wait for timers and processes.
    maxWorkers: availableParallelism() + 1,
  },
});
