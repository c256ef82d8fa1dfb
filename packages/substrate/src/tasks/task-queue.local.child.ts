// Run by task-queue.local.test.ts, to be killed: `dispatch <file> <queue>` or `enqueue <file> <queue> <url> <prefix>`.
import { systemClock } from '../clock/clock.system.ts';
import { openLocalTaskQueue } from './task-queue.local.ts';

const [role, path = '', name = '', url = '', prefix = ''] = process.argv.slice(2);
const queue = await openLocalTaskQueue({ path, clock: systemClock, leaseMs: 400, beatMs: 100, pollMs: 10 });

if (role === 'dispatch') {
  const settings = {
    name,
    rate: { maxDispatchesPerSecond: 500, maxConcurrentDispatches: 6 },
    retry: { maxAttempts: -1, minBackoffMs: 20, maxBackoffMs: 50, maxDoublings: 1 },
    dispatchDeadlineMs: 5_000,
  };
  queue.startDispatcher({ queues: [settings], tokenFor: () => 'token' });
  console.log('ready');
} else {
  console.log('ready');
  for (let index = 0; ; index++) {
    const task = { queue: name, name: `${prefix}-${index}`, url, body: index };
    const { created } = await queue.enqueue(task);
    if (created) console.log(task.name);
    // Lets the line out: a pipe's write is asynchronous.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
