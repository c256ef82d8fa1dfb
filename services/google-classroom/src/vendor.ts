import { defineVendor, type QueueProfile } from '@flotilla/substrate/vendor';
import { api } from './api.ts';
import { categories } from './entities/categories.ts';
import { classes } from './entities/classes.ts';
import { courses } from './entities/courses.ts';
import { enrollments } from './entities/enrollments.ts';
import { lineItems } from './entities/line-items.ts';
import { orgs } from './entities/orgs.ts';
import { results } from './entities/results.ts';
import { users } from './entities/users.ts';

const nightly: QueueProfile = {
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

export const googleClassroom = defineVendor({
  id: 'google-classroom',
  title: 'Google Classroom',
  docs: 'https://developers.google.com/workspace/classroom/reference/rest',
  runtime: { memory: '512MiB', cpu: 1, timeoutSeconds: 900, concurrency: 10 },
  queues: { nightly, realtime: prompt, manual: prompt },
  api,
  entities: [orgs, courses, classes, users, enrollments, categories, lineItems, results],
});
