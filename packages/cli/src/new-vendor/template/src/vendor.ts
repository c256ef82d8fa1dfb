import { defineVendor, type QueueProfile } from '@flotilla/substrate/vendor';
import { api } from './api.ts';
import { orgs } from './entities/orgs.ts';
import { users } from './entities/users.ts';

/** Nobody waits for a night: few runs at once, and patience when the vendor is down. */
const patient: QueueProfile = {
  rate: { maxDispatchesPerSecond: 5, maxConcurrentDispatches: 10 },
  retry: { maxAttempts: 10, minBackoffMs: 5_000, maxBackoffMs: 600_000, maxDoublings: 5 },
  dispatchDeadlineMs: 900_000,
};

/** Somebody waits for the answer: fewer attempts, sooner. */
const prompt: QueueProfile = {
  rate: { maxDispatchesPerSecond: 20, maxConcurrentDispatches: 10 },
  retry: { maxAttempts: 6, minBackoffMs: 1_000, maxBackoffMs: 60_000, maxDoublings: 5 },
  dispatchDeadlineMs: 900_000,
};

export const exampleSis = defineVendor({
  id: 'example-sis',
  title: 'Example SIS',
  docs: 'https://vendor.example/docs',
  runtime: { memory: '512MiB', cpu: 1, timeoutSeconds: 900, concurrency: 10 },
  queues: { nightly: patient, realtime: prompt, manual: prompt },
  api,
  // A record may refer only to entity types above its own.
  entities: [orgs, users],
});
