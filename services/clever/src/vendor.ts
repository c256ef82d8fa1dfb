import { defineRecordsRead } from '@flotilla/substrate/methods';
import { defineVendor, type QueueProfile } from '@flotilla/substrate/vendor';
import { api } from './api.ts';
import { academicSessions } from './entities/academic-sessions.ts';
import { attendanceEvents } from './entities/attendance-events.ts';
import { classes } from './entities/classes.ts';
import { courses } from './entities/courses.ts';
import { demographics } from './entities/demographics.ts';
import { enrollments } from './entities/enrollments.ts';
import { orgs } from './entities/orgs.ts';
import { users } from './entities/users.ts';
import { events } from './events.ts';

/** One host serves all districts, each by its own token: many runs at once. */
const patient: QueueProfile = {
  rate: { maxDispatchesPerSecond: 10, maxConcurrentDispatches: 40 },
  retry: { maxAttempts: 10, minBackoffMs: 5_000, maxBackoffMs: 600_000, maxDoublings: 5 },
  dispatchDeadlineMs: 900_000,
};

/** Somebody waits for the answer: fewer attempts, sooner. */
const sooner = { maxAttempts: 6, minBackoffMs: 1_000, maxBackoffMs: 60_000, maxDoublings: 5 };
const prompt: QueueProfile = { ...patient, retry: sooner };

export const clever = defineVendor({
  id: 'clever',
  title: 'Clever 3.0 and 3.1',
  docs: 'https://dev.clever.com/docs',
  queues: { nightly: patient, realtime: prompt, manual: prompt },
  api,
  feed: events,
  entities: [orgs, academicSessions, courses, classes, users, enrollments, demographics, attendanceEvents],
  methods: defineRecordsRead,
});
