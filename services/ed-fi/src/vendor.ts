import { defineRecordsRead } from '@flotilla/substrate/methods';
import { defineVendor } from '@flotilla/substrate/vendor';
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

export const edFi = defineVendor({
  id: 'ed-fi',
  title: 'Ed-Fi ODS/API 5 to 7',
  docs: 'https://docs.ed-fi.org/reference/ods-api',
  api,
  entities: [
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
  ],
  feed: changeQueries,
  methods: defineRecordsRead,
});
