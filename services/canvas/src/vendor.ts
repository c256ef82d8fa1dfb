import { defineRecordsRead } from '@flotilla/substrate/methods';
import { defineVendor } from '@flotilla/substrate/vendor';
import { api } from './api.ts';
import { academicSessions } from './entities/academic-sessions.ts';
import { categories } from './entities/categories.ts';
import { classes } from './entities/classes.ts';
import { courses } from './entities/courses.ts';
import { enrollments } from './entities/enrollments.ts';
import { lineItems } from './entities/line-items.ts';
import { orgs } from './entities/orgs.ts';
import { results } from './entities/results.ts';
import { users } from './entities/users.ts';

export const canvas = defineVendor({
  id: 'canvas',
  title: 'Canvas LMS',
  docs: 'https://developerdocs.instructure.com/services/canvas',
  api,
  entities: [orgs, academicSessions, courses, classes, users, enrollments, categories, lineItems, results],
  methods: defineRecordsRead,
});
