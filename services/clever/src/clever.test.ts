import { describeVendor } from '@flotilla/substrate/testing/describe-vendor';
import type { Seat } from '@flotilla/substrate/testing/vendor-stage';
import { type CleverSimulator, createCleverSimulator } from './simulator.ts';
import { clever } from './vendor.ts';

function simulate(version: '3.0' | '3.1') {
  return ({ clock }: Seat) =>
    createCleverSimulator({
      clock,
      version,
      district: { students: 6, coursesPerGrade: 2, assignments: 0, attendance: 12 },
    });
}

const common = {
  folder: import.meta.dirname,
  connection: ({ connection }: CleverSimulator) => connection,
  // What both orgs and enrollments are read of is a list under another name.
  collectionNames: {
    org: 'districts',
    academicSession: 'terms',
    course: 'courses',
    class: 'sections',
    user: 'users',
    enrollment: 'sections',
    demographics: 'users',
    attendanceEvent: 'attendance',
  },
} as const;

const district = {
  ...common,
  credential: ({ credential }: CleverSimulator) => credential,
  refusedCredential: () => ({ type: 'district', token: 'not-the-token-of-any-district' }),
};

describeVendor(clever, simulate('3.1'), { ...district, variant: '3.1' });

describeVendor(clever, simulate('3.0'), {
  ...district,
  variant: '3.0',
  topics: ['description', 'credentials', 'changes'],
});

describeVendor(clever, simulate('3.1'), {
  ...common,
  variant: "as the application, which looks up the district's token",
  credential: ({ application }) => application,
  refusedCredential: ({ application }) => ({ ...application, clientSecret: 'not-the-secret' }),
  topics: ['credentials', 'secrets'],
});
