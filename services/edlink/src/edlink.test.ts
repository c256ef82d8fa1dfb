import { describeVendor } from '@flotilla/substrate/testing/describe-vendor';
import { createEdlinkSimulator } from './simulator.ts';
import { edlink } from './vendor.ts';

// The User API has fewer lists, and is tried in user-api.test.ts.
describeVendor(
  edlink,
  ({ clock, pageSize }) =>
    createEdlinkSimulator({
      clock,
      longestPage: pageSize,
      district: { students: 6, coursesPerGrade: 2, assignments: 6 },
    }),
  {
    folder: import.meta.dirname,
    connection: ({ connection }) => connection,
    credential: ({ credential }) => credential,
    refusedCredential: () => ({ type: 'integration', accessToken: 'not-the-token-of-this-integration' }),
    collectionNames: {
      org: 'orgs',
      academicSession: 'sessions',
      course: 'courses',
      class: 'classes',
      user: 'people',
      enrollment: 'enrollments',
      demographics: 'people',
      category: 'categories',
      lineItem: 'assignments',
      result: 'submissions',
    },
  },
);
