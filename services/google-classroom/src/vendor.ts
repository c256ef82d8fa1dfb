import { defineRecordsRead } from '@flotilla/substrate/methods';
import { defineVendor } from '@flotilla/substrate/vendor';
import { api } from './api.ts';
import { categories } from './entities/categories.ts';
import { classes } from './entities/classes.ts';
import { courses } from './entities/courses.ts';
import { enrollments } from './entities/enrollments.ts';
import { lineItems } from './entities/line-items.ts';
import { orgs } from './entities/orgs.ts';
import { results } from './entities/results.ts';
import { users } from './entities/users.ts';

export const googleClassroom = defineVendor({
  id: 'google-classroom',
  title: 'Google Classroom',
  docs: 'https://developers.google.com/workspace/classroom/reference/rest',
  api,
  entities: [orgs, courses, classes, users, enrollments, categories, lineItems, results],
  methods: defineRecordsRead,
});
