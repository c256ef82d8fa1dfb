import { defineVendor, type QueueProfile } from '@flotilla/substrate/vendor';
import { api } from './api.ts';
import { changeNotifications } from './change-notifications.ts';
import { academicSessions } from './entities/academic-sessions.ts';
import { classes } from './entities/classes.ts';
import { courses } from './entities/courses.ts';
import { demographics } from './entities/demographics.ts';
import { enrollments } from './entities/enrollments.ts';
import { lineItems } from './entities/line-items.ts';
import { orgs } from './entities/orgs.ts';
import { results } from './entities/results.ts';
import { users } from './entities/users.ts';

/** Each tenant has an ERP of its own behind Ethos: several runs at once, and patience when it is down for the night. */
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

export const ellucianEthos = defineVendor({
  id: 'ellucian-ethos',
  title: 'Ellucian Ethos',
  docs: 'https://resources.elluciancloud.com',
  runtime: { memory: '512MiB', cpu: 1, timeoutSeconds: 900, concurrency: 10 },
  queues: { nightly: patient, realtime: prompt, manual: prompt },
  api,
  feed: changeNotifications,
  entities: [orgs, academicSessions, courses, classes, users, enrollments, demographics, lineItems, results],
});
