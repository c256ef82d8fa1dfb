import { describeVendor } from '@flotilla/substrate/testing/describe-vendor';
import type { DistrictSimulator } from '@flotilla/substrate/testing/simulator/create-district-simulator';
import { createCanvasSimulator } from './simulator.ts';
import { canvas } from './vendor.ts';

const common = {
  folder: import.meta.dirname,
  pageSize: 4,
  connection: (simulator: DistrictSimulator) => simulator.connection,
  credential: (simulator: DistrictSimulator) => simulator.credential,
  collectionNames: {
    org: 'accounts',
    academicSession: 'terms',
    course: 'courses',
    class: 'sections',
    user: 'users',
    enrollment: 'enrollments',
    category: 'assignment_groups',
    lineItem: 'assignments',
    result: 'submissions',
  },
} as const;

describeVendor(
  canvas,
  ({ clock }) =>
    createCanvasSimulator({ clock, district: { students: 5, coursesPerGrade: 2, assignments: 4 } }),
  {
    ...common,
    refusedCredential: () => ({ type: 'token', accessToken: '7~not-the-token-of-this-account' }),
  },
);

describeVendor(
  canvas,
  ({ clock }) =>
    createCanvasSimulator({
      clock,
      auth: 'oauth2',
      district: { students: 5, coursesPerGrade: 2, assignments: 4 },
    }),
  {
    ...common,
    variant: "with a developer key's sign-in",
    topics: ['credentials', 'secrets'],
    refusedCredential: ({ credential }) => ({ ...credential, clientSecret: 'not-the-secret-of-this-key' }),
  },
);
