import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../clock/clock.system.ts';
import { testTaskQueue } from './task-queue.contract.ts';
import { openLocalTaskQueue } from './task-queue.local.ts';

testTaskQueue(
  'local',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'task-queue-'));
    const queue = await openLocalTaskQueue({ path: join(folder, 'tasks.sqlite'), clock: systemClock });
    return {
      queue,
      serve: async (settings, token) => {
        queue.startDispatcher({ queues: [settings], tokenFor: () => token, graceMs: 100 });
      },
      close: async () => {
        await queue.close();
        await rm(folder, { recursive: true });
      },
    };
  },
  50,
);
