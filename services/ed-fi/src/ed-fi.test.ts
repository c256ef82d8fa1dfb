import { describeVendor } from '@flotilla/substrate/testing/describe-vendor';
import type { DistrictSimulator } from '@flotilla/substrate/testing/simulator/create-district-simulator';
import type { Seat } from '@flotilla/substrate/testing/vendor-stage';
import { createEdFiSimulator, type EdFiSimulatorOptions } from './simulator.ts';
import { edFi } from './vendor.ts';

function simulate(options: EdFiSimulatorOptions = {}) {
  return ({ clock }: Seat) =>
    createEdFiSimulator({
      clock,
      district: { students: 6, coursesPerGrade: 2, assignments: 17, attendance: 12, assessmentResults: 8 },
      ...options,
    });
}

const common = {
  folder: import.meta.dirname,
  // Users stand in several lists; these are in one.
  subject: 'lineItem' as const,
  collectionNames: {
    org: 'schools',
    academicSession: 'sessions',
    course: 'courseOfferings',
    class: 'sections',
    user: 'students',
    enrollment: 'studentSectionAssociations',
    demographics: 'studentEducationOrganizationAssociations',
    category: 'gradebookEntryTypeDescriptors',
    lineItem: 'gradebookEntries',
    result: 'studentGradebookEntries',
    attendanceEvent: 'studentSectionAttendanceEvents',
    assessment: 'assessments',
    assessmentResult: 'studentAssessments',
  },
  connection: ({ connection }: DistrictSimulator) => connection,
  credential: ({ credential }: DistrictSimulator) => credential,
  refusedCredential: ({ credential }: DistrictSimulator) => ({
    ...credential,
    clientSecret: 'not-the-secret',
  }),
};

describeVendor(edFi, simulate(), { ...common, variant: '7.3 with Data Standard 5' });

describeVendor(edFi, simulate({ version: '6.1', prefix: '/district-7', yearInPath: true }), {
  ...common,
  variant: '6.1 with Data Standard 4, a tenant and a year in its paths',
  topics: ['description'],
});
