import { defineVendor, type QueueProfile } from '@flotilla/substrate/vendor';
import { api } from './api.ts';
import { academicSessions } from './entities/academic-sessions.ts';
import { assessmentResults } from './entities/assessment-results.ts';
import { assessments } from './entities/assessments.ts';
import { attendanceEvents } from './entities/attendance-events.ts';
import { categories } from './entities/categories.ts';
import { classes } from './entities/classes.ts';
import { courses } from './entities/courses.ts';
import { demographics } from './entities/demographics.ts';
import { enrollments } from './entities/enrollments.ts';
import { lineItems } from './entities/line-items.ts';
import { orgs } from './entities/orgs.ts';
import { results } from './entities/results.ts';
import { users } from './entities/users.ts';
import { changeQueries } from './feed.ts';

/** A host is a district's or a state's own server: few runs at once, patience when it is down. */
function queue(maxDispatchesPerSecond: number, maxAttempts: number, minBackoffMs: number): QueueProfile {
  return {
    rate: { maxDispatchesPerSecond, maxConcurrentDispatches: 10 },
    retry: { maxAttempts, minBackoffMs, maxBackoffMs: minBackoffMs * 120, maxDoublings: 5 },
    dispatchDeadlineMs: 900_000,
  };
}
// Where somebody waits for the answer: fewer attempts, sooner.
const prompt = queue(20, 6, 1_000);

const entities = [
  orgs,
  academicSessions,
  courses,
  classes,
  users,
  enrollments,
  demographics,
  categories,
  lineItems,
  results,
  attendanceEvents,
  assessments,
  assessmentResults,
] as const;

export const edFi = defineVendor({
  id: 'ed-fi',
  title: 'Ed-Fi ODS/API 5 to 7',
  docs: 'https://docs.ed-fi.org/reference/ods-api',
  runtime: { memory: '512MiB', cpu: 1, timeoutSeconds: 900, concurrency: 10 },
  queues: { nightly: queue(5, 10, 5_000), realtime: prompt, manual: prompt },
  api,
  entities: [...entities],
  feed: changeQueries(entities),
});
