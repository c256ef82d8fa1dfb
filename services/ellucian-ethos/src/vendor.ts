import { defineRecordsRead } from '@flotilla/substrate/methods';
import { defineVendor } from '@flotilla/substrate/vendor';
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

export const ellucianEthos = defineVendor({
  id: 'ellucian-ethos',
  title: 'Ellucian Ethos',
  docs: 'https://resources.elluciancloud.com',
  api,
  feed: changeNotifications,
  entities: [orgs, academicSessions, courses, classes, users, enrollments, demographics, lineItems, results],
  methods: defineRecordsRead,
});
