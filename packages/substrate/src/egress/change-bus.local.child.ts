// Run by change-bus.local.test.ts, to be killed: `publish <file> <key prefix>` or `push <file> <url>`.
import { systemClock } from '../clock/clock.system.ts';
import { openLocalChangeBus } from './change-bus.local.ts';

const [role, path = '', target = ''] = process.argv.slice(2);
const bus = await openLocalChangeBus({ path, clock: systemClock, leaseMs: 400, beatMs: 100, pollMs: 10 });
await bus.ensureSubscription({ name: 'sub', topic: 'topic' });

if (role === 'push') {
  bus.startPusher({
    subscriptions: [
      {
        name: 'sub',
        topic: 'topic',
        pushUrl: target,
        ackDeadlineMs: 5_000,
        minBackoffMs: 20,
        maxBackoffMs: 50,
        maxDeliveryAttempts: 100,
        maxConcurrentPushes: 4,
      },
    ],
    tokenFor: () => 'token',
  });
  console.log('ready');
} else {
  console.log('ready');
  for (let index = 0; ; index++) {
    const key = `${target}-${index % 3}`;
    await bus.publish('topic', [{ orderingKey: key, attributes: {}, data: Buffer.from(String(index)) }]);
    console.log(`${key} ${index}`);
    // Lets the line out: a pipe's write is asynchronous.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
